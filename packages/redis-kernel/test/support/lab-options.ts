import type { Lab, LabNode } from '@cairnkit/redis-lab'
import type { DriverOptions } from '../clients/client-under-test.js'

type SomeOptions = Partial<Record<'username' | 'clientName' | 'sentinelUsername', string>> &
  Partial<Record<'password' | 'sentinelPassword', string | (() => string | Promise<string>)>>

const addresses = (nodes: readonly LabNode[]): { host: string; port: number }[] =>
  nodes.map(({ host, port }) => ({ host, port }))

/** How a driver gets to the servers of a lab. */
export function optionsFor(
  lab: Lab,
  { sentinelUsername, sentinelPassword, ...common }: SomeOptions = {},
): DriverOptions {
  switch (lab.kind) {
    case 'standalone':
    case 'standalone-tls':
      return { ...common, url: `redis://127.0.0.1:${lab.nodes[0].port}` }
    case 'sentinel': {
      const ofSentinels = {
        ...(sentinelUsername === undefined ? {} : { sentinelUsername }),
        ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
      }
      return { ...common, ...ofSentinels, sentinel: { name: lab.name, nodes: addresses(lab.sentinels) } }
    }
    case 'cluster':
      return { ...common, cluster: { nodes: addresses(lab.nodes) } }
  }
}
