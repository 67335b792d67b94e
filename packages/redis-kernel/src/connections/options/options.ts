import type { ConnectionOptions } from 'node:tls'

export interface RedisAddress {
  readonly host: string
  readonly port: number
}

/** A socket in the file system of this machine. */
export interface SocketPath {
  readonly path: string
}

/** From an address that servers announce, as `host:port`, to one that works from here (containers, tunnels). */
export type AddressMap = Readonly<Record<string, RedisAddress>>

/** Gives a password that may change, such as a token. It is called for each new connection. */
export type PasswordSource = () => string | Promise<string>

/** 4 or 6: addresses of that family alone; 0: of either. */
export type AddressFamily = 0 | 4 | 6

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

/** What may be said about all connections that the driver makes. */
export interface OwnConnectionOptions extends RedisCommonOptions {
  /**
   * How many connections this process makes, to each node of a cluster too. Commands of one partition travel on one
   * of them, in their order. More than one pays off when large values are read. @default 1
   */
  readonly poolSize?: number
  /**
   * What CLIENT LIST calls the connections; an empty text leaves them without a name. A server that does not allow
   * CLIENT SETNAME is used all the same. @default 'cairn', or the name that a client to duplicate has
   */
  readonly clientName?: string
}

/** What may be said about connections to servers that the options name. */
export interface RedisConnectionOptions extends OwnConnectionOptions {
  /** The ACL user. @default the user of the URL, else the server's default user */
  readonly username?: string
  /** The password, or a function that is called for each new connection. @default the password of the URL, else none */
  readonly password?: string | PasswordSource
  /** `true`, or options of `node:tls` such as `{ ca }`. @default whether the URL says `rediss://` */
  readonly tls?: boolean | ConnectionOptions
  /** A PEM file of the authority that signed the servers' certificates, read when the driver is made. @default none */
  readonly tlsCaFile?: string
  /** The number of the database; a cluster has only 0. @default the number in the URL, else 0 */
  readonly db?: number
  /** Which addresses a host name may lead to. @default 0 */
  readonly family?: AddressFamily
}

interface SentinelCredentialOptions {
  /** The ACL user at the Sentinels. @default none */
  readonly sentinelUsername?: string
  /** The password of the Sentinels, which is not that of the data servers; or a function. @default none */
  readonly sentinelPassword?: string | PasswordSource
}

interface UrlOnly extends RedisConnectionOptions, SentinelCredentialOptions {
  /**
   * `redis://[user:password@]host[:port][/database]`, `redis+sentinel://host,host/name`, `redis+cluster://host,host`, or
   * `unix:///path`; `rediss` for TLS, `valkey` for `redis`. Settings that are text or numbers may stand in the query.
   */
  readonly url: string
  readonly sentinel?: never
  readonly cluster?: never
  readonly client?: never
}

interface SentinelOnly extends RedisConnectionOptions, SentinelCredentialOptions {
  readonly sentinel: SentinelTarget
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
  readonly duplicate?: false
  readonly url?: never
  readonly sentinel?: never
  readonly cluster?: never
}

interface ClientDuplicate<Client> extends OwnConnectionOptions {
  /** A client that the caller made. It is asked for its settings, and not used. */
  readonly client: Client
  /**
   * Opens connections of the driver's own, with the client's addresses, credentials and TLS and with settings that are
   * safe, and closes them with the driver. @default false
   */
  readonly duplicate: true
  readonly url?: never
  readonly sentinel?: never
  readonly cluster?: never
}

/** Exactly one of `url`, `sentinel`, `cluster` and `client`, and what goes with it. */
export type RedisDriverOptions<Client> =
  UrlOnly | SentinelOnly | ClusterOnly | ClientOnly<Client> | ClientDuplicate<Client>
