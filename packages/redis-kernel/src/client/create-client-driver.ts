import type { StorageDriver } from '@cairnkit/core/driver'
import { createRedisDriver } from '../driver/redis-driver.js'
import type { AnyClient } from './lane.js'
import { type ClientPackage, createTransport } from './lane-transport.js'
import type { RedisDriverOptions } from './options.js'
import { planConnection } from './plan-connection.js'

/** The storage driver of a client package. Throws a `TypeError` for options that contradict each other. */
export function createClientDriver<Client extends AnyClient>(
  library: ClientPackage<Client>,
  options: RedisDriverOptions<Client>,
): StorageDriver {
  const plan = planConnection(options)
  const { keyPrefix, commandTimeoutMs, connectTimeoutMs } = plan
  return createRedisDriver(createTransport(library, plan), { keyPrefix, commandTimeoutMs, connectTimeoutMs })
}
