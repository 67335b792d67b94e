import type { StorageDriver } from '@cairnkit/core'
import { createClientDriver } from '@cairnkit/redis-kernel/connections'
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
 * Storage on Redis or Valkey through ioredis. Connects when it is opened or first used; a client that was passed is
 * used and never closed. Throws a `TypeError` for options that contradict each other, and for a client whose
 * settings would apply a command twice, change keys, or damage values.
 */
export function createIoredisDriver(options: IoredisDriverOptions): StorageDriver {
  return createClientDriver(ioredis, options)
}
