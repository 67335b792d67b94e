import { migrateSlots } from './cluster/migrate-slots.js'
import { slotOf } from './cluster/slot-of.js'
import { ownerOf, slotOwners } from './cluster/slot-owners.js'
import type { Endpoint } from './connection.js'
import type { LabFacts, NodeFacts } from './facts.js'
import type { Lab, LabNode } from './lab.js'
import { ControlledNode } from './lab-node.js'
import type { NodeControl } from './node-control.js'
import { allAnswer, clusterIsWhole, sentinelsAgree } from './readiness.js'
import { sentinelPrimary } from './sentinel-primary.js'
import { type WaitLimits, waitFor } from './wait-for.js'

/** A lab as its users hold it: the facts, brought to life by a control over its servers. */
export function labHandle(facts: LabFacts, control: NodeControl, end: () => Promise<void>): Lab {
  const credentials = administrator(facts)
  const toNode = (node: NodeFacts): ControlledNode => new ControlledNode(node, credentials, control)
  const [first, ...others] = facts.nodes.map(toNode)
  if (first === undefined) throw new TypeError('A lab has nodes; these facts name none')
  const nodes: readonly [ControlledNode, ...ControlledNode[]] = [first, ...others]
  const sentinels = facts.kind === 'sentinel' ? facts.sentinels.map(toNode) : []
  const stop = async (): Promise<void> => {
    for (const node of [...nodes, ...sentinels]) node.disconnect()
    await end()
  }
  const common = { nodes, stop, [Symbol.asyncDispose]: stop }
  const readyWhen =
    (whole: () => Promise<true>) =>
    async (limits?: WaitLimits): Promise<void> => {
      await waitFor(`the ${facts.kind} lab is whole`, whole, { intervalMs: 20, ...limits })
    }

  switch (facts.kind) {
    case 'standalone':
    case 'standalone-tls':
      return { ...facts, ...common, primaries: async () => nodes, ready: readyWhen(() => allAnswer(nodes)) }
    case 'sentinel':
      return {
        ...facts,
        ...common,
        sentinels,
        primaries: () => sentinelPrimary(facts.name, nodes, sentinels),
        ready: readyWhen(() => sentinelsAgree(facts.name, nodes, sentinels)),
      }
    case 'cluster':
      return {
        ...facts,
        ...common,
        primaries: async () => {
          const owners = new Set<LabNode>((await slotOwners(nodes)).map(({ node }) => node))
          return nodes.filter((node) => owners.has(node))
        },
        ready: readyWhen(() => clusterIsWhole(nodes)),
        slotOf,
        // A busy node is silent for a while, and a failover takes one.
        primaryOf: async (slot) =>
          await waitFor(
            `a node of the cluster owns slot ${slot}`,
            async () => ownerOf(await slotOwners(nodes), slot).node,
          ),
        moveSlot: (slot, to, options) => migrateSlots(nodes, [slot], to, options),
        migrateSlots: (slots, to, options) => migrateSlots(nodes, slots, to, options),
      }
  }
}

/** The lab as plain JSON, for `attachLab` in another process. */
export function labFacts(lab: Lab): LabFacts {
  const plain = ({ name, role, host, port }: NodeFacts): NodeFacts => ({ name, role, host, port })
  const { url, directory, controlPath } = lab
  const common = { url, directory, controlPath, nodes: lab.nodes.map(plain) }
  switch (lab.kind) {
    case 'standalone':
    case 'cluster':
      return { kind: lab.kind, ...common }
    case 'standalone-tls': {
      const { kind, caFile, ca, username, password, adminUsername, adminPassword } = lab
      return { kind, ...common, caFile, ca, username, password, adminUsername, adminPassword }
    }
    case 'sentinel':
      return { kind: lab.kind, ...common, name: lab.name, sentinels: lab.sentinels.map(plain) }
  }
}

function administrator(facts: LabFacts): Omit<Endpoint, 'host' | 'port'> {
  if (facts.kind !== 'standalone-tls') return {}
  return { ca: facts.ca, username: facts.adminUsername, password: facts.adminPassword }
}
