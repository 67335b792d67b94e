import type { ClientPackage } from '@cairnkit/redis-kernel/connections'
import { givenClient } from './given-client.js'
import { connectionOf } from './connection-of.js'
import { clusterClient } from './cluster.js'
import { classifyNodeRedisError } from './errors.js'
import type { NodeRedisClient } from './options.js'
import { standaloneClient } from './standalone.js'
import { trafficOf } from './traffic.js'

export const nodeRedis: ClientPackage<NodeRedisClient> = {
  name: 'node-redis',
  standalone: standaloneClient,
  cluster: clusterClient,
  given: givenClient,
  connectionOf,
  trafficOf,
  classify: classifyNodeRedisError,
}
