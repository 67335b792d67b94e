import type { ConnectionOptions } from 'node:tls'
import { type ConnectionSettings, isConnectFailure } from '@cairnkit/redis-kernel'

/** How many milliseconds to wait before the next attempt to connect; `false` gives up. */
export type ReconnectStrategy = (attempt: number, cause: Error) => number | false

/** The settings of every connection, whatever the topology. */
export interface NodeOptions {
  readonly username?: string
  readonly password?: string
  readonly RESP: 2
  readonly disableOfflineQueue: true
  readonly disableClientInfo: true
  readonly maintNotifications: 'disabled'
  readonly pingInterval: number
}

export function nodeOptions(settings: ConnectionSettings): NodeOptions {
  const { username, password } = settings
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    // RESP2 needs no HELLO, which some proxies refuse and this client insists on.
    RESP: 2,
    // A command that cannot be sent now must reject now: from a queue it may be applied long after its deadline.
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    // An idle connection would run into the time limit of its socket.
    pingInterval: socketTimeout(settings) / 2,
  }
}

export interface SocketOptions {
  readonly connectTimeout: number
  readonly socketTimeout: number
  readonly reconnectStrategy: ReconnectStrategy | false
}

/** The part that does not depend on the address. */
export function socketOptions(
  settings: ConnectionSettings,
  reconnectStrategy: ReconnectStrategy | false,
): SocketOptions {
  return {
    connectTimeout: settings.attemptTimeoutMs,
    // Ends a connection whose server hangs: nothing else does, once a command is written.
    socketTimeout: socketTimeout(settings),
    reconnectStrategy,
  }
}

export function withTls(tls: ConnectionOptions | undefined): ConnectionOptions & { readonly tls?: true } {
  return tls === undefined ? {} : { ...tls, tls: true }
}

function socketTimeout(settings: ConnectionSettings): number {
  return Math.max(settings.commandTimeoutMs, 1000)
}

/** Fast at first, because commands wait for it. The client's own strategy gives up after a socket timeout. */
export function reconnectDelay(attempt: number): number {
  return Math.min((attempt + 1) * 50, 500)
}

/** For nodes of a cluster: one that cannot be reached at its first attempt must not keep commands waiting. */
export function reconnectNode(attempt: number, cause: Error): number | false {
  return attempt === 0 && isConnectFailure(cause) ? false : reconnectDelay(attempt)
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
