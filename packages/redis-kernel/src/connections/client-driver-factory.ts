import { type DriverFactory, type StorageDriver, driverFactory } from '@cairnkit/core/driver'
import { createRedisDriver } from '../storage/index.js'
import type { ClientPackage } from './client-package.js'
import type { AnyClient } from './clients/given-client.js'
import { createTransport } from './create-transport.js'
import type { RedisDriverOptions } from './options/options.js'
import { planConnection } from './options/plan-connection.js'
import { redisSchemes } from './options/redis-url.js'

/** Makes the factory that a client package exports. The factory throws a `TypeError` for invalid options. */
export function clientDriverFactory<Client extends AnyClient>(
  library: ClientPackage<Client>,
): DriverFactory<[options: RedisDriverOptions<Client>]> {
  const create = (options: RedisDriverOptions<Client>): StorageDriver => {
    const plan = planConnection(options, library.name, (client) => library.connectionOf(client))
    const { keyPrefix, commandTimeoutMs, connectTimeoutMs } = plan
    return createRedisDriver(createTransport(library, plan), {
      keyPrefix,
      commandTimeoutMs,
      connectTimeoutMs,
    })
  }
  return driverFactory(create, {
    name: library.name,
    schemes: redisSchemes,
    create: (url, settings) => create({ ...settings, url }),
  })
}
