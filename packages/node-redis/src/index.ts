import type { DriverFactory } from '@cairnkit/core/driver'
import { clientDriverFactory } from '@cairnkit/redis-kernel/connections'
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
 * Creates a driver for Redis or Valkey through node-redis. It connects when it is opened or first used. An existing client is
 * connected if it is not, and never closed. Throws a `TypeError` for invalid options, and for an existing client whose settings
 * would apply a command twice or change keys.
 */
export const createNodeRedisDriver: DriverFactory<[options: NodeRedisDriverOptions]> =
  /* @__PURE__ */ clientDriverFactory(nodeRedis)
