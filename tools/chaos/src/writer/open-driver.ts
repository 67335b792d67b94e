import type { StorageDriver } from '@cairnkit/core'
import { createIoredisDriver } from '@cairnkit/ioredis'
import { createNodeRedisDriver } from '@cairnkit/node-redis'
import type { LabFacts } from '@cairnkit/redis-lab'
import type { AddressMap } from '../network/network.js'
import type { ClientName } from '../settings.js'

const create = { ioredis: createIoredisDriver, 'node-redis': createNodeRedisDriver } as const

/** A driver with its defaults. */
export async function openDriver(
  client: ClientName,
  facts: LabFacts,
  addressMap: AddressMap | undefined,
): Promise<StorageDriver> {
  const driver = create[client](target(facts, addressMap))
  await driver.open()
  return driver
}

function target(facts: LabFacts, addressMap: AddressMap | undefined) {
  const mapped = addressMap === undefined ? {} : { addressMap }
  const via = (node: { host: string; port: number }) =>
    addressMap?.[`${node.host}:${node.port}`] ?? { host: node.host, port: node.port }
  switch (facts.kind) {
    case 'standalone': {
      const [node] = facts.nodes.map(via)
      if (node === undefined) throw new TypeError('A lab has nodes; these facts name none')
      return { url: `redis://${node.host}:${node.port}` }
    }
    case 'sentinel':
      return { sentinel: { name: facts.name, nodes: facts.sentinels.map(via), ...mapped } }
    case 'cluster':
      return { cluster: { nodes: facts.nodes.map(via), ...mapped } }
    case 'standalone-tls':
      throw new TypeError('Chaos knows no faults of TLS')
  }
}
