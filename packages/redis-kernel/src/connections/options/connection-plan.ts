import type { ConnectionOptions } from 'node:tls'
import type { AddressFamily, AddressMap, RedisAddress, SocketPath } from './options.js'

/** The servers to connect to. */
export type Servers =
  | { readonly kind: 'standalone'; readonly address: RedisAddress | SocketPath }
  | {
      readonly kind: 'sentinel'
      readonly name: string
      readonly nodes: readonly RedisAddress[]
      readonly addressMap: AddressMap | undefined
      /** TLS for connections to the Sentinels; `undefined` for the same as to the servers. */
      readonly tls: boolean | ConnectionOptions | undefined
    }
  | {
      readonly kind: 'cluster'
      readonly nodes: readonly RedisAddress[]
      readonly addressMap: AddressMap | undefined
    }

/** The servers and the login of an existing client, as read from its settings. */
export interface Destination {
  readonly servers: Servers
  readonly username: string | undefined
  readonly password: string | LoginSource | undefined
  readonly sentinelUsername?: string | undefined
  readonly sentinelPassword?: string | LoginSource | undefined
  readonly tls: boolean | ConnectionOptions | undefined
  readonly db?: number | undefined
  readonly family?: AddressFamily | undefined
  readonly clientName: string | undefined
}

/** The login of one connection. */
export interface Login {
  /** `undefined` for the user that the settings name. */
  readonly username?: string | undefined
  readonly password: string
}

/** Returns the login of a new connection, in the form that existing clients use. */
export type LoginSource = () => string | Login | Promise<string | Login>

/** Returns the login of one new connection, within the time to connect. Rejects with a `DriverFault`. */
export type AskLogin = () => Promise<Login>

/** The user and password of connections; `undefined` where there is none. */
export interface Credentials {
  readonly username?: string
  readonly password?: string | AskLogin
}

/** Settings of connections that the driver makes, with every default filled in. */
export interface ConnectionSettings {
  readonly credentials: Credentials
  readonly tls: ConnectionOptions | undefined
  readonly db: number
  readonly family: AddressFamily
  /** The name of the connections; empty for none. */
  readonly clientName: string
  readonly commandTimeoutMs: number
  /** How long connecting may take as a whole, in milliseconds. */
  readonly connectTimeoutMs: number
  /** How long one of several servers may take to connect, in milliseconds, however many are named. */
  readonly attemptTimeoutMs: number
}

/** The settings of connections to the primary of Sentinels. */
export interface SentinelSettings extends ConnectionSettings {
  readonly name: string
  readonly nodes: readonly RedisAddress[]
  readonly addressMap: AddressMap | undefined
  readonly sentinelCredentials: Credentials
  readonly sentinelTls: ConnectionOptions | undefined
}

/** The settings of connections to a Cluster. */
export interface ClusterSettings extends ConnectionSettings {
  readonly nodes: readonly RedisAddress[]
  readonly addressMap: AddressMap | undefined
}

/** The settings of connections to one server. */
export type StandaloneSettings = ConnectionSettings & (RedisAddress | SocketPath)

/** Valid options, with every default filled in. */
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
