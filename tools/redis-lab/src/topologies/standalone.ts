import type { StandaloneFacts } from '../facts.js'
import type { LabHost } from '../lab-host.js'
import type { TopologyFacts } from './topology-facts.js'

export async function startStandalone(host: LabHost): Promise<TopologyFacts<StandaloneFacts>> {
  const port = host.port(0)
  const primary = await host.start({
    name: 'primary-1',
    role: 'primary',
    port,
    config: [`bind ${host.address(0)}`, `port ${port}`, ...host.dataConfig()],
  })
  return { kind: 'standalone', url: `redis://${primary.host}:${port}`, nodes: [primary] }
}
