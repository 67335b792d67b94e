import type { ConnectionOptions } from 'node:tls'
import {
  type ConnectionSettings,
  type Credentials,
  classifySocketError,
  isConnectFailure,
  reconnectDelayMs,
} from '@cairnkit/redis-kernel/connections'
import type { RedisClientOptions } from '@redis/client'

type OfTopology = 'RESP' | 'url' | 'socket' | 'modules' | 'functions' | 'scripts'

/** What every connection has, whatever the topology. */
export type NodeOptions = Omit<RedisClientOptions, OfTopology> & { readonly RESP: 2 }

export function nodeOptions(settings: ConnectionSettings): NodeOptions {
  return {
    ...credentialsOf(settings.credentials),
    // RESP2 needs no HELLO, which some proxies refuse and this client insists on.
    RESP: 2,
    // A command that cannot be sent now must reject now: from a queue it may be applied long after its deadline.
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    // PINGs are sent for every client alike. Those of this one go on when it is lost, and keep the process alive.
    pingInterval: 0,
  }
}

/** Asked for each connection: the client would take a password that is text for all of them. */
function credentialsOf({ username, password }: Credentials): Pick<RedisClientOptions, 'credentialsProvider'> {
  if (username === undefined && password === undefined) return {}
  const credentials = async (): Promise<{ username?: string; password?: string }> => {
    const login = typeof password === 'function' ? await password() : { password }
    return given({ username, ...given(login) })
  }
  return { credentialsProvider: { type: 'async-credentials-provider', credentials } }
}

/** Without what is `undefined`. */
function given(login: { readonly username?: string | undefined; readonly password?: string | undefined }): {
  username?: string
  password?: string
} {
  return Object.fromEntries(Object.entries(login).filter(([, value]) => value !== undefined))
}

type SocketSetting = 'connectTimeout' | 'reconnectStrategy'

/** Without an address. */
export type SocketOptions = ConnectionOptions &
  Required<Pick<NonNullable<RedisClientOptions['socket']>, SocketSetting>> & {
    readonly family: number
    readonly tls?: true
  }

/** The part of the socket's settings that does not depend on the address. */
export function socketOptions(
  settings: ConnectionSettings,
  reconnectStrategy: SocketOptions['reconnectStrategy'],
): SocketOptions {
  // No limit on how long the socket may be silent: it would fire after a standstill of this process, before what arrived
  // meanwhile was read. Answers are watched by the kernel.
  return {
    family: settings.family,
    connectTimeout: settings.attemptTimeoutMs,
    reconnectStrategy,
    ...(settings.tls === undefined ? {} : { ...settings.tls, tls: true }),
  }
}

/** For nodes of a cluster: one that cannot be reached at its first attempt must not keep commands waiting. */
export function reconnectNode(closed: AbortSignal): (attempt: number, cause: Error) => number | false {
  return (attempt, cause) =>
    closed.aborted || (attempt === 0 && isOutOfReach(cause)) ? false : reconnectDelayMs(attempt + 1)
}

/** Whether the next attempt would fail as well: there is no server, or its certificate is not accepted. */
function isOutOfReach(cause: Error): boolean {
  return isConnectFailure(cause) || classifySocketError(cause)?.disposition === 'permanent'
}

/** Ends a client now, at whatever it is. */
export function end(client: { destroy(): void; on(event: 'connect', listener: () => void): unknown }): void {
  const destroy = (): void => {
    try {
      client.destroy()
    } catch {
      // node-redis 5 throws when the client has ended by itself, which is what is wanted.
    }
  }
  destroy()
  // A socket that was being made is not known to the client yet, and would live on.
  client.on('connect', destroy)
}
