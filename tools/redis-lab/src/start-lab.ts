import { join } from 'node:path'
import { serveControl } from './control-channel.js'
import type { LabFacts, TopologyKind } from './facts.js'
import { labHandle } from './lab-handle.js'
import { LabHost } from './lab-host.js'
import type { StartLabOptions } from './lab-options.js'
import type { Lab, LabOf } from './lab.js'
import { ServerStartError } from './server-process.js'
import { chooseServer, namedServer } from './servers/choose-server.js'
import type { Server } from './servers/server.js'
import { startCluster } from './topologies/cluster.js'
import { startSentinel } from './topologies/sentinel.js'
import { startStandaloneTls } from './topologies/standalone-tls.js'
import { startStandalone } from './topologies/standalone.js'
import type { TopologyFacts } from './topologies/topology-facts.js'

interface Topology {
  readonly ports: number
  readonly start: (host: LabHost) => Promise<TopologyFacts<LabFacts>>
}

const TOPOLOGIES: Readonly<Record<TopologyKind, Topology>> = {
  standalone: { ports: 1, start: startStandalone },
  'standalone-tls': { ports: 1, start: startStandaloneTls },
  sentinel: { ports: 6, start: startSentinel },
  cluster: { ports: 6, start: startCluster },
}

export const TOPOLOGY_KINDS: readonly TopologyKind[] = Object.keys(TOPOLOGIES) as TopologyKind[]

/**
 * Starts real servers on free loopback ports in a directory of their own, and resolves when they serve. They end with
 * `stop()`, or with this process however it ends. Throws the message of `chooseServer` if there is no server
 * program, and the last words of a server that refuses to start.
 */
export async function startLab<K extends TopologyKind>(
  kind: K,
  options: StartLabOptions = {},
): Promise<LabOf<K>> {
  const topology = Object.hasOwn(TOPOLOGIES, kind) ? TOPOLOGIES[kind] : undefined
  if (topology === undefined) {
    throw new TypeError(`No lab is named ${JSON.stringify(kind)}: choose one of ${TOPOLOGY_KINDS.join(', ')}`)
  }
  const { program } = options
  const server = await (program === undefined ? chooseServer() : namedServer(program, 'The lab is to run'))
  for (let attempt = 1; ; attempt++) {
    options.signal?.throwIfAborted()
    try {
      return (await startOnce(topology, server, options)) as LabOf<K>
    } catch (error) {
      // Some other program took a port between our look and the server's bind.
      if (!(error instanceof ServerStartError && error.addressInUse && attempt < 5)) throw error
    }
  }
}

async function startOnce(topology: Topology, server: Server, options: StartLabOptions): Promise<Lab> {
  const host = await LabHost.open(server, topology.ports, options)
  try {
    const controlPath = join(host.directory, 'control.sock')
    const facts = { ...(await topology.start(host)), directory: host.directory, controlPath } as LabFacts
    const control = await serveControl(controlPath, host)
    const lab = labHandle(facts, host, async () => {
      control.close()
      await host.close()
    })
    await lab.ready(host.limits)
    return lab
  } catch (error) {
    await host.close()
    throw error
  }
}
