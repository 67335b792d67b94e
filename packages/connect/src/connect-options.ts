import type { OpensUrls, UrlSettings } from '@cairnkit/core/driver'

/** The client libraries that can connect to Redis. */
export type RedisClientName = 'ioredis' | 'node-redis'

/**
 * The options of `connect`. Those that are text or numbers may stand in the query of the URL instead, but not in both. Options
 * of servers have no effect on `memory:` and `lmdb:`, so that only the URL changes between deployments.
 */
export interface ConnectOptions extends UrlSettings {
  /** The client library to use. @default 'ioredis' if it is installed (with `drivers`: the first that fits), else 'node-redis' */
  readonly client?: RedisClientName
  /**
   * The factories of the drivers to choose from, such as `[createIoredisDriver, createMemoryDriver]`. A program that a bundler
   * packs needs it, because a bundler does not see which package a URL will name. Not in the query.
   * @default the packages that are installed, each loaded when a URL needs it
   */
  readonly drivers?: readonly OpensUrls[]
  /** Cancels connecting. Not in the query. @default none */
  readonly signal?: AbortSignal
}
