import { createTransport, planConnection } from '@cairnkit/redis-kernel/connections'
import { createClient, createCluster } from 'redis'
import * as five from 'redis-5'
import { type OverGiven, describeSlowLinks } from '../../redis-kernel/test/clients/slow-links.js'
import { createNodeRedisDriver } from '../src/index.js'
import { nodeRedis } from '../src/library.js'
import type { NodeRedisClient } from '../src/options.js'

function over(client: NodeRedisClient & { destroy(): void }, commandTimeoutMs: number): OverGiven {
  const transport = createTransport(nodeRedis, planConnection({ client, commandTimeoutMs }))
  return { transport, end: () => client.destroy() }
}

describeSlowLinks({
  createTransport: (plan) => createTransport(nodeRedis, plan),
  createDriver: createNodeRedisDriver,
  given: {
    'a client': (port, timeoutMs) => over(createClient({ url: `redis://127.0.0.1:${port}` }), timeoutMs),
    'a client of major 5': (port, timeoutMs) =>
      over(five.createClient({ url: `redis://127.0.0.1:${port}` }), timeoutMs),
  },
  givenCluster: (nodes, nodeAddressMap, timeoutMs) => {
    const rootNodes = nodes.map((socket) => ({ socket }))
    return over(createCluster({ rootNodes, nodeAddressMap }), timeoutMs)
  },
})
