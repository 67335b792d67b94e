import { type ConnectionPlan, type RedisTransport, createTransport } from '@cairnkit/redis-kernel'
import { borrowedClient } from './borrowed.js'
import { clusterClient } from './cluster.js'
import { classifyNodeRedisError } from './errors.js'
import type { NodeRedisClient } from './options.js'
import { standaloneClient } from './standalone.js'

const library = {
  name: 'node-redis',
  standalone: standaloneClient,
  cluster: clusterClient,
  borrowed: borrowedClient,
  classify: classifyNodeRedisError,
}

export function nodeRedisTransport(plan: ConnectionPlan<NodeRedisClient>): RedisTransport {
  return createTransport(library, plan)
}
