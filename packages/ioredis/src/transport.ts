import { type ConnectionPlan, type RedisTransport, createTransport } from '@cairnkit/redis-kernel'
import { borrowedClient } from './borrowed.js'
import { clusterClient } from './cluster.js'
import { classifyIoredisError } from './errors.js'
import type { IoredisClient } from './options.js'
import { sentinelClient } from './sentinel.js'
import { standaloneClient } from './standalone.js'

const library = {
  name: 'ioredis',
  standalone: standaloneClient,
  sentinel: sentinelClient,
  cluster: clusterClient,
  borrowed: borrowedClient,
  classify: classifyIoredisError,
}

export function ioredisTransport(plan: ConnectionPlan<IoredisClient>): RedisTransport {
  return createTransport(library, plan)
}
