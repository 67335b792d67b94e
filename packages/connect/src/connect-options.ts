import type { ConnectionOptions } from 'node:tls'

/** The packages that can speak to Redis. */
export type RedisClientName = 'ioredis' | 'node-redis'

/**
 * What can be said besides the URL, and in the query of the URL where it is text or a number; not in both. Settings of
 * servers are without effect where there is no server, so that only the URL changes between deployments.
 */
export interface ConnectOptions {
  /** @default 'ioredis' if it is installed, else 'node-redis' */
  readonly client?: RedisClientName
  /** What every key begins with. @default 'cairn' */
  readonly keyPrefix?: string
  /** How many connections to make. @default 1 */
  readonly poolSize?: number
  /** What the server calls the connections; an empty text leaves them without a name. @default 'cairn' */
  readonly clientName?: string
  /** How long connecting may take, in milliseconds. @default 5000 */
  readonly connectTimeoutMs?: number
  /** How long one command may take, in milliseconds. @default 5000 */
  readonly commandTimeoutMs?: number
  /** The number of the database; a cluster has only 0. @default the number in the path of the URL, else 0 */
  readonly db?: number
  /** Which addresses a host name may lead to: of IPv4, of IPv6, or of both (0). @default 0 */
  readonly family?: 0 | 4 | 6
  /** A PEM file of the authority that signed the servers' certificates; for the schemes of TLS. @default none */
  readonly tlsCaFile?: string
  /** The ACL user at the Sentinels. @default none */
  readonly sentinelUsername?: string
  /** The password of the Sentinels, or a function as that of `password`, which is not for the query. @default none */
  readonly sentinelPassword?: string | (() => string | Promise<string>)
  /** The ACL user. Not in the query: it stands before the `@`. @default none */
  readonly username?: string
  /**
   * Not in the query: it stands before the `@`. A function is called for each new connection, for tokens that change.
   * @default none
   */
  readonly password?: string | (() => string | Promise<string>)
  /** Options of `node:tls`; for the schemes of TLS. Not in the query. @default none */
  readonly tls?: ConnectionOptions
  /** Gives connecting up. Not in the query. */
  readonly signal?: AbortSignal
}
