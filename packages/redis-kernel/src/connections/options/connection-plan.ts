import type { ConnectionOptions } from 'node:tls'
import type { AddressFamily, AddressMap, RedisAddress, SocketPath } from './options.js'

/** Where connections lead. */
export type Servers =
  | { readonly kind: 'standalone'; readonly address: RedisAddress | SocketPath }
  | {
      readonly kind: 'sentinel'
      readonly name: string
      readonly nodes: readonly RedisAddress[]
      readonly addressMap: AddressMap | undefined
      /** TLS to the Sentinels; `undefined`: as to the servers. */
      readonly tls: boolean | ConnectionOptions | undefined
    }
  | {
      readonly kind: 'cluster'
      readonly nodes: readonly RedisAddress[]
      readonly addressMap: AddressMap | undefined
    }

/** Where connections lead and how they are let in, as a client of the caller says it of its own. */
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

/** What one connection logs in with. */
export interface Login {
  /** `undefined`: the user that the settings name. */
  readonly username?: string | undefined
  readonly password: string
}

/** Gives what a new connection is to log in with, as a client of the caller does. */
export type LoginSource = () => string | Login | Promise<string | Login>

/** Asks for the login of one new connection, within the time to connect. Rejects with a `DriverFault`. */
export type AskLogin = () => Promise<Login>

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
  /** Empty: the connections have no name. */
  readonly clientName: string
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

export type StandaloneSettings = ConnectionSettings & (RedisAddress | SocketPath)

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
