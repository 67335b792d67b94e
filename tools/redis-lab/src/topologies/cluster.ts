import { clusterView, ownLine } from '../cluster/cluster-view.js'
import { SLOT_COUNT } from '../cluster/slot-of.js'
import type { ClusterFacts, NodeFacts } from '../facts.js'
import type { LabHost } from '../lab-host.js'
import type { FailoverPace } from '../lab-options.js'
import type { LabNode } from '../lab.js'
import { ControlledNode } from '../lab-node.js'
import { waitFor } from '../wait-for.js'
import type { TopologyFacts } from './topology-facts.js'

const PRIMARIES = 3

/** A failover takes about twice this. */
const NODE_TIMEOUT_MS: Readonly<Record<FailoverPace, number>> = { soon: 1000, late: 30_000 }

/** Three primaries with a third of the slots each, and one replica of each. */
export async function startCluster(host: LabHost): Promise<TopologyFacts<ClusterFacts>> {
  const nodes = await Promise.all(Array.from({ length: 2 * PRIMARIES }, (_, index) => startNode(host, index)))
  const handles = nodes.map((node) => new ControlledNode(node, {}, host))
  try {
    await join(host, handles)
  } finally {
    for (const handle of handles) handle.disconnect()
  }
  const addresses = nodes.slice(0, PRIMARIES).map((node) => `${node.host}:${node.port}`)
  return { kind: 'cluster', url: `redis+cluster://${addresses.join(',')}`, nodes }
}

function startNode(host: LabHost, index: number): Promise<NodeFacts> {
  const role = index < PRIMARIES ? 'primary' : 'replica'
  const port = host.port(index)
  return host.start({
    name: `${role}-${(index % PRIMARIES) + 1}`,
    role,
    port,
    config: [
      `bind ${host.address(index)}`,
      `port ${port}`,
      ...host.dataConfig(),
      'cluster-enabled yes',
      'cluster-config-file nodes.conf',
      `cluster-announce-ip ${host.address(index)}`,
      `cluster-node-timeout ${NODE_TIMEOUT_MS[host.options.failover ?? 'late']}`,
      // Any replica may take over, however long it was cut off.
      'cluster-replica-validity-factor 0',
      // A primary whose slots were all moved away keeps its replica, so a test finds the topology it began with.
      'cluster-allow-replica-migration no',
    ],
  })
}

/** What `redis-cli --cluster create` does, without its waits of a second. */
async function join(host: LabHost, nodes: readonly LabNode[]): Promise<void> {
  const primaries = nodes.slice(0, PRIMARIES)
  await Promise.all(
    primaries.map(async (node, index) => {
      await node.command('CLUSTER', 'ADDSLOTS', ...slotsOf(index).map(String))
      // Distinct from the start: primaries with one epoch have to settle who is to change it.
      await node.command('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1))
    }),
  )
  await Promise.all(
    nodes.flatMap((node) =>
      nodes
        .filter((other) => other !== node)
        .map((other) => node.command('CLUSTER', 'MEET', other.host, String(other.port))),
    ),
  )
  await Promise.all(
    nodes.slice(PRIMARIES).map(async (replica, index) => {
      const primary = primaries[index]
      if (primary === undefined) throw new RangeError(`No primary for ${replica.name}`)
      const { id } = await ownLine(primary)
      await waitFor(
        `${replica.name} has met ${primary.name}`,
        async () => ((await hasMet(replica, id)) ? true : undefined),
        host.limits,
      )
      await replica.command('CLUSTER', 'REPLICATE', id)
    }),
  )
}

async function hasMet(node: LabNode, id: string): Promise<boolean> {
  const line = (await clusterView(node)).find((other) => other.id === id)
  return line !== undefined && !line.flags.includes('handshake')
}

/** An equal share of the slots, the last primary taking what is left over. */
function slotsOf(index: number): number[] {
  const share = Math.floor(SLOT_COUNT / PRIMARIES)
  const first = index * share
  const end = index === PRIMARIES - 1 ? SLOT_COUNT : first + share
  return Array.from({ length: end - first }, (_, offset) => first + offset)
}
