import { type ConnectionPlan, type RedisTransport, createTransport } from '@cairnkit/redis-kernel'
import { borrowedClient } from './borrowed.js'
import { clusterClient } from './cluster.js'
import { classifyIoredisError } from './errors.js'
import type { IoredisClient } from './options.js'
import { standaloneClient } from './standalone.js'

const library = {
  name: 'ioredis',
  standalone: standaloneClient,
  cluster: clusterClient,
  borrowed: borrowedClient,
  classify: classifyIoredisError,
}

export function ioredisTransport(plan: ConnectionPlan<IoredisClient>): RedisTransport {
  return createTransport(library, plan)
}
