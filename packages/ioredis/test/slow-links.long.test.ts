import { createTransport, planConnection } from '@cairnkit/redis-kernel/connections'
import { Cluster, Redis } from 'ioredis'
import * as five from 'ioredis-5'
import { type OverGiven, describeSlowLinks } from '../../redis-kernel/test/clients/slow-links.js'
import { createIoredisDriver } from '../src/index.js'
import { ioredis } from '../src/library.js'

const safe = {
  host: '127.0.0.1',
  lazyConnect: true,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
} as const

function over(client: Redis | five.Redis | Cluster, commandTimeoutMs: number): OverGiven {
  const transport = createTransport(ioredis, planConnection({ client, commandTimeoutMs }))
  return { transport, end: () => client.disconnect() }
}

describeSlowLinks({
  createTransport: (plan) => createTransport(ioredis, plan),
  createDriver: createIoredisDriver,
  given: {
    'a client': (port, timeoutMs) => over(new Redis({ ...safe, port }), timeoutMs),
    'a client of major 5': (port, timeoutMs) => over(new five.Redis({ ...safe, port }), timeoutMs),
  },
  givenCluster: (nodes, natMap, timeoutMs) =>
    over(new Cluster([...nodes], { lazyConnect: true, retryDelayOnFailover: 0, natMap }), timeoutMs),
})
