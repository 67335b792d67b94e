import type { RedisDriverOptions } from '@cairnkit/redis-kernel/connections'

/**
 * A client of ioredis 5 or 6, for one server, Sentinel or Cluster. The type has only what the driver uses, so that a client of
 * another copy of the package fits as well.
 */
export interface IoredisClient {
  readonly isCluster: boolean
  readonly status: string
  readonly options: object
  connect(): Promise<void>
  disconnect(reconnect?: boolean): void
  callBuffer(command: string, args: (string | Buffer | number)[]): Promise<unknown>
  on(event: 'error', listener: (error: Error) => void): unknown
  off(event: 'error', listener: (error: Error) => void): unknown
}

/** The options of a driver: exactly one of `url`, `sentinel`, `cluster` and `client`, and the options that go with it. */
export type IoredisDriverOptions = RedisDriverOptions<IoredisClient>
