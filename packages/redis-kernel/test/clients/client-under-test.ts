import type { StorageDriver } from '@cairnkit/core'
import type { ConnectionPlan, RedisDriverOptions, RedisTransport } from '../../src/connections/index.js'

/** Without `client`, the one option that is not the same for every client. */
export type DriverOptions = RedisDriverOptions<never>

export type CreateDriver = (options: DriverOptions) => StorageDriver

export type CreateTransport = (plan: ConnectionPlan<never>) => RedisTransport
