import type { StorageDriver } from '@cairnkit/core'
import { createClientDriver } from '@cairnkit/redis-kernel/connections'
import { nodeRedis } from './library.js'
import type { NodeRedisDriverOptions } from './options.js'

export type { NodeRedisClient, NodeRedisDriverOptions } from './options.js'
export type {
  AddressMap,
  ClusterTarget,
  RedisAddress,
  SentinelTarget,
} from '@cairnkit/redis-kernel/connections'

/**
 * Storage on Redis or Valkey through node-redis. Connects when it is opened or first used; a client that was passed
 * is connected if it is not, used, and never closed. Throws a `TypeError` for options that contradict each other,
 * and for a client whose settings would apply a command twice or change keys.
 */
export function createNodeRedisDriver(options: NodeRedisDriverOptions): StorageDriver {
  return createClientDriver(nodeRedis, options)
}
