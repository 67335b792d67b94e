import type { ConnectionOptions } from 'node:tls'

export interface RedisAddress {
  readonly host: string
  readonly port: number
}

/** From an address that servers announce, as `host:port`, to one that works from here (containers, tunnels). */
export type AddressMap = Readonly<Record<string, RedisAddress>>

/** A primary that Sentinels watch. */
export interface SentinelTarget {
  /** What the Sentinels call the primary. */
  readonly name: string
  /** Sentinels to ask, in this order; the others are found by asking. */
  readonly nodes: readonly RedisAddress[]
  /** TLS to the Sentinels themselves. @default the option `tls` */
  readonly tls?: boolean | ConnectionOptions
  /** @default none */
  readonly addressMap?: AddressMap
}

/** A Redis or Valkey Cluster. */
export interface ClusterTarget {
  /** Some nodes; the others are found by asking. */
  readonly nodes: readonly RedisAddress[]
  /** @default none */
  readonly addressMap?: AddressMap
}

/** What may be said about any connection. */
export interface RedisCommonOptions {
  /** What every key begins with. No braces. @default 'cairn' */
  readonly keyPrefix?: string
  /** How long connecting may take, in milliseconds. @default 5000 */
  readonly connectTimeoutMs?: number
  /** How long one command may take, in milliseconds. @default 5000 */
  readonly commandTimeoutMs?: number
}

/** What may be said about connections that the driver makes. */
export interface RedisConnectionOptions extends RedisCommonOptions {
  /** The ACL user. @default the user of the URL, else the server's default user */
  readonly username?: string
  /** @default the password of the URL, else none */
  readonly password?: string
  /** `true`, or options of `node:tls` such as `{ ca }`. @default whether the URL says `rediss://` */
  readonly tls?: boolean | ConnectionOptions
  /** The number of the database; a cluster has only 0. @default the number in the URL, else 0 */
  readonly db?: number
  /**
   * How many connections this process makes, to each node of a cluster too. Commands of one partition travel on one
   * of them, in their order. More than one pays off when large values are read. @default 1
   */
  readonly poolSize?: number
}

interface UrlOnly extends RedisConnectionOptions {
  /** `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS. */
  readonly url: string
  readonly sentinel?: never
  readonly cluster?: never
  readonly client?: never
}

interface SentinelOnly extends RedisConnectionOptions {
  readonly sentinel: SentinelTarget
  /** The ACL user at the Sentinels. @default none */
  readonly sentinelUsername?: string
  /** The password of the Sentinels, which is not that of the data servers. @default none */
  readonly sentinelPassword?: string
  readonly url?: never
  readonly cluster?: never
  readonly client?: never
}

interface ClusterOnly extends RedisConnectionOptions {
  readonly cluster: ClusterTarget
  readonly url?: never
  readonly sentinel?: never
  readonly client?: never
}

interface ClientOnly<Client> extends RedisCommonOptions {
  /** A client that the caller made, keeps, and closes. */
  readonly client: Client
  readonly url?: never
  readonly sentinel?: never
  readonly cluster?: never
}

/** Exactly one of `url`, `sentinel`, `cluster` and `client`, and what goes with it. */
export type RedisDriverOptions<Client> = UrlOnly | SentinelOnly | ClusterOnly | ClientOnly<Client>

/** Without names that have no value, so that they can be spread into the options of a client. */
export interface Credentials {
  readonly username?: string
  readonly password?: string
}

/** Settings of connections that the driver makes, with every default filled in. */
export interface ConnectionSettings {
  readonly credentials: Credentials
  readonly tls: ConnectionOptions | undefined
  readonly db: number
  readonly commandTimeoutMs: number
  /** For connecting as a whole. */
  readonly connectTimeoutMs: number
  /** For one server, where another one may be asked in its place; the same however many are named. */
  readonly attemptTimeoutMs: number
}

export interface SentinelSettings extends ConnectionSettings {
  readonly name: string
  readonly nodes: readonly RedisAddress[]
  readonly addressMap: AddressMap | undefined
  readonly sentinelCredentials: Credentials
  readonly sentinelTls: ConnectionOptions | undefined
}

export interface ClusterSettings extends ConnectionSettings {
  readonly nodes: readonly RedisAddress[]
  readonly addressMap: AddressMap | undefined
}

export interface StandaloneSettings extends ConnectionSettings, RedisAddress {}

/** Options that were found sound. */
export type ConnectionPlan<Client> = {
  readonly keyPrefix: string
  readonly connectTimeoutMs: number
  readonly commandTimeoutMs: number
  readonly poolSize: number
} & (
  | { readonly kind: 'standalone'; readonly settings: StandaloneSettings }
  | { readonly kind: 'sentinel'; readonly settings: SentinelSettings }
  | { readonly kind: 'cluster'; readonly settings: ClusterSettings }
  | { readonly kind: 'given'; readonly client: Client }
)
