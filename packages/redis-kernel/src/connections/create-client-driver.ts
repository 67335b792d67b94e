import type { StorageDriver } from '@cairnkit/core/driver'
import { createRedisDriver } from '../storage/index.js'
import type { ClientPackage } from './client-package.js'
import type { AnyClient } from './clients/given-client.js'
import { createTransport } from './create-transport.js'
import type { RedisDriverOptions } from './options/options.js'
import { planConnection } from './options/plan-connection.js'

/** Makes the storage driver of a client package. Throws a `TypeError` for invalid options. */
export function createClientDriver<Client extends AnyClient>(
  library: ClientPackage<Client>,
  options: RedisDriverOptions<Client>,
): StorageDriver {
  const plan = planConnection(options, library.name, (client) => library.connectionOf(client))
  const { keyPrefix, commandTimeoutMs, connectTimeoutMs } = plan
  return createRedisDriver(createTransport(library, plan), { keyPrefix, commandTimeoutMs, connectTimeoutMs })
}
