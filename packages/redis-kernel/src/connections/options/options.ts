import type { ConnectionOptions } from 'node:tls'

/** The host name or IP address of a server, and its port. */
export interface RedisAddress {
  readonly host: string
  readonly port: number
}

/** A socket in the file system of this machine. */
export interface SocketPath {
  readonly path: string
}

/** Maps an address that servers announce, as `host:port`, to one that can be reached from here (containers, tunnels). */
export type AddressMap = Readonly<Record<string, RedisAddress>>

/** Returns a password that may change, such as a token. It is called for each new connection. If it throws, connecting fails. */
export type PasswordSource = () => string | Promise<string>

/** 4 or 6 allows only addresses of that family; 0 allows both. */
export type AddressFamily = 0 | 4 | 6

/** A primary that Sentinels watch. */
export interface SentinelTarget {
  /** The name of the primary at the Sentinels. */
  readonly name: string
  /** Some Sentinels; they name the others. */
  readonly nodes: readonly RedisAddress[]
  /** TLS for connections to the Sentinels. @default the option `tls` */
  readonly tls?: boolean | ConnectionOptions
  /** Where announced addresses are reached from here. @default none */
  readonly addressMap?: AddressMap
}

/** A Redis or Valkey Cluster. */
export interface ClusterTarget {
  /** Some nodes; they name the others. */
  readonly nodes: readonly RedisAddress[]
  /** Where announced addresses are reached from here. @default none */
  readonly addressMap?: AddressMap
}

/** Options for every kind of connection. */
export interface RedisCommonOptions {
  /** The beginning of every key: at least one character, without braces. @default 'cairn' */
  readonly keyPrefix?: string
  /**
   * How long connecting may take, in milliseconds. For a first call that has more time: how long nothing may come from a
   * server that is connected to. @default 5000
   */
  readonly connectTimeoutMs?: number
  /**
   * How long a connection may be silent while an answer is due, in milliseconds: no answer comes, and no byte moves. It is
   * also the limit of a call that has no limit of its own. Then the call fails with code `timeout`. @default 5000
   */
  readonly commandTimeoutMs?: number
}

/** Options for connections that the driver makes. */
export interface OwnConnectionOptions extends RedisCommonOptions {
  /**
   * The number of connections (in a Cluster, to each node). Commands of one partition use one of them, so they stay in order.
   * More than one helps when large values are read. @default 1
   */
  readonly poolSize?: number
  /**
   * The name of the connections in CLIENT LIST; an empty text gives none. A server that does not allow CLIENT SETNAME is used
   * without a name. @default 'cairn', or the name of the client to duplicate
   */
  readonly clientName?: string
}

/** Options for connections to servers that the options name. */
export interface RedisConnectionOptions extends OwnConnectionOptions {
  /** The ACL user. @default the user in the URL, else the server's default user */
  readonly username?: string
  /** The password, or a function that is called for each new connection. @default the password in the URL, else none */
  readonly password?: string | PasswordSource
  /** `true`, or options of `node:tls` such as `{ ca }`. @default true with `rediss://`, else no TLS */
  readonly tls?: boolean | ConnectionOptions
  /** A PEM file with the certificate authority to trust, read when the driver is created. @default those of Node */
  readonly tlsCaFile?: string
  /** The number of the database; a Cluster has only 0. @default the number in the URL, else 0 */
  readonly db?: number
  /** The family of the addresses that a host name may resolve to. @default 0, both */
  readonly family?: AddressFamily
}

interface SentinelCredentialOptions {
  /** The ACL user at the Sentinels. @default none */
  readonly sentinelUsername?: string
  /** The password at the Sentinels (not that of the data servers), or a function that returns it. @default none */
  readonly sentinelPassword?: string | PasswordSource
}

interface UrlOnly extends RedisConnectionOptions, SentinelCredentialOptions {
  /**
   * `redis://[user:password@]host[:port][/database]`, `redis+sentinel://host,host/name`, `redis+cluster://host,host`, or
   * `unix:///path`. `rediss` is TLS, and `valkey` may replace `redis`. Options that are text or numbers may stand in the query.
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
  /** An existing client, which the driver uses and never closes. */
  readonly client: Client
  readonly duplicate?: false
  readonly url?: never
  readonly sentinel?: never
  readonly cluster?: never
}

interface ClientDuplicate<Client> extends OwnConnectionOptions {
  /** An existing client. The driver only reads its settings. */
  readonly client: Client
  /**
   * Whether the driver opens its own connections, with the addresses, credentials and TLS of the client and with safe settings.
   * It closes them when it is closed. @default false
   */
  readonly duplicate: true
  readonly url?: never
  readonly sentinel?: never
  readonly cluster?: never
}

/** The options of a driver: exactly one of `url`, `sentinel`, `cluster` and `client`, and the options that go with it. */
export type RedisDriverOptions<Client> =
  UrlOnly | SentinelOnly | ClusterOnly | ClientOnly<Client> | ClientDuplicate<Client>
