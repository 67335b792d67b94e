import type { RedisDriverOptions } from '@cairnkit/redis-kernel/connections'

/**
 * A client, pool, Sentinel or Cluster of `redis` or `@redis/client`, 5 or 6. The type has only what the driver uses, so that a
 * client of another copy of the package fits as well.
 */
export interface NodeRedisClient {
  readonly isOpen: boolean
  connect(): Promise<unknown>
  sendCommand(...args: never[]): Promise<unknown>
  on(event: 'error', listener: (error: Error) => void): unknown
  off(event: 'error', listener: (error: Error) => void): unknown
}

/** The options of a driver: exactly one of `url`, `sentinel`, `cluster` and `client`, and the options that go with it. */
export type NodeRedisDriverOptions = RedisDriverOptions<NodeRedisClient>
