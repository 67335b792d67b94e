import type { DriverFactory } from '@cairnkit/core/driver'
import { clientDriverFactory } from '@cairnkit/redis-kernel/connections'
import { ioredis } from './library.js'
import type { IoredisDriverOptions } from './options.js'

export type { IoredisClient, IoredisDriverOptions } from './options.js'
export type {
  AddressMap,
  ClusterTarget,
  RedisAddress,
  SentinelTarget,
} from '@cairnkit/redis-kernel/connections'

/**
 * Creates a driver for Redis or Valkey through ioredis. It connects when it is opened or first used. An existing client is used
 * and never closed. Throws a `TypeError` for invalid options, and for an existing client whose settings would apply a command
 * twice, change keys, or damage values.
 */
export const createIoredisDriver: DriverFactory<[options: IoredisDriverOptions]> =
  /* @__PURE__ */ clientDriverFactory(ioredis)
