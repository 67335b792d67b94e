import type { ClientPackage } from '@cairnkit/redis-kernel'
import { borrowedClient } from './borrowed.js'
import { clusterClient } from './cluster.js'
import { classifyNodeRedisError } from './errors.js'
import type { NodeRedisClient } from './options.js'
import { standaloneClient } from './standalone.js'

export const nodeRedis: ClientPackage<NodeRedisClient> = {
  name: 'node-redis',
  standalone: standaloneClient,
  cluster: clusterClient,
  borrowed: borrowedClient,
  classify: classifyNodeRedisError,
}
