import type { RedisDriverOptions } from '@cairnkit/redis-kernel/connections'

/**
 * A client, pool, Sentinel or cluster of node-redis 5 or 6: described by what the driver uses, so that a client of
 * another copy of the package fits as well.
 */
export interface NodeRedisClient {
  readonly isOpen: boolean
  connect(): Promise<unknown>
  sendCommand(...args: never[]): Promise<unknown>
  on(event: 'error', listener: (error: Error) => void): unknown
  off(event: 'error', listener: (error: Error) => void): unknown
}

/** Exactly one of `url`, `sentinel`, `cluster` and `client`, and what goes with it. */
export type NodeRedisDriverOptions = RedisDriverOptions<NodeRedisClient>
