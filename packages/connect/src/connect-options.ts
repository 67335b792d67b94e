import type { ConnectionOptions } from 'node:tls'

/** The client libraries that can connect to Redis. */
export type RedisClientName = 'ioredis' | 'node-redis'

/**
 * The options of `connect`. Those that are text or numbers may stand in the query of the URL instead, but not in both. Options
 * of servers have no effect on `memory:` and `lmdb:`, so that only the URL changes between deployments.
 */
export interface ConnectOptions {
  /** The client library to use. @default 'ioredis' if it is installed, else 'node-redis' */
  readonly client?: RedisClientName
  /** The beginning of every key: at least one character, without braces. @default 'cairn' */
  readonly keyPrefix?: string
  /** The number of connections (in a Cluster, to each node). @default 1 */
  readonly poolSize?: number
  /** The name of the connections in CLIENT LIST; an empty text gives none. @default 'cairn' */
  readonly clientName?: string
  /** How long connecting may take, in milliseconds. @default 5000 */
  readonly connectTimeoutMs?: number
  /**
   * How long a server may be silent while an answer is due, in milliseconds. It is also the limit of a call that has no limit
   * of its own. @default 5000
   */
  readonly commandTimeoutMs?: number
  /** The number of the database; a Cluster has only 0. @default the number in the path of the URL, else 0 */
  readonly db?: number
  /** The family of the addresses that a host name may resolve to: 4, 6, or 0 for both. @default 0 */
  readonly family?: 0 | 4 | 6
  /** A PEM file with the certificate authority to trust, for the schemes with TLS. @default those of Node */
  readonly tlsCaFile?: string
  /** The ACL user at the Sentinels. @default none */
  readonly sentinelUsername?: string
  /** The password at the Sentinels, or a function that returns it (not in the query). @default none */
  readonly sentinelPassword?: string | (() => string | Promise<string>)
  /** The ACL user. In a URL it stands before the `@`, not in the query. @default none */
  readonly username?: string
  /**
   * The password, or a function that is called for each new connection, for tokens that change. In a URL it stands before the
   * `@`, not in the query. @default none
   */
  readonly password?: string | (() => string | Promise<string>)
  /** Options of `node:tls`, for the schemes with TLS. Not in the query. @default none */
  readonly tls?: ConnectionOptions
  /** Cancels connecting. Not in the query. @default none */
  readonly signal?: AbortSignal
}
