import { withDeadline } from '@cairnkit/core/driver'
import type { ConnectionSettings, Credentials } from '@cairnkit/redis-kernel/connections'
import type { Redis, RedisOptions } from 'ioredis'

type Handshake = Pick<RedisOptions, 'username' | 'password' | 'connectionName' | 'family'>

/** What a connection says of itself before it is used. Where CLIENT SETNAME is not allowed, ioredis goes on without. */
export function handshakeOptions({ credentials, clientName, family }: ConnectionSettings): Handshake {
  const { username, password } = credentials
  return {
    family,
    ...(username === undefined ? {} : { username }),
    ...(typeof password === 'string' ? { password } : {}),
    ...(clientName === '' ? {} : { connectionName: clientName }),
  }
}

/**
 * Makes a client ask for the password before each time that it connects, where a function gives it: ioredis takes the one
 * in its options when it begins to connect, also when it does so by itself. To ask in vain is an attempt that failed.
 */
export function askBeforeConnecting(client: Redis, { username, password }: Credentials): Redis {
  if (typeof password !== 'function') return client
  const [connect, disconnect] = [client.connect.bind(client), client.disconnect.bind(client)]
  let isEnded = false
  let connecting: Promise<void> | undefined
  const ask = async (): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      try {
        const login = await password()
        Object.assign(client.options, { username: login.username ?? username, password: login.password })
        return
      } catch (cause) {
        client.emit('error', cause)
        const delayMs = isEnded ? null : client.options.retryStrategy?.(attempt)
        if (typeof delayMs !== 'number') {
          disconnect()
          throw cause
        }
        await new Promise((resolve) => setTimeout(resolve, delayMs))
      }
      if (isEnded) throw new Error('Connection is closed.')
    }
  }
  Object.assign(client, {
    // What ioredis asks a client for that has begun to connect; a command may come before.
    condition: { select: client.options.db, subscriber: false },
    connect: (): Promise<void> => {
      // ioredis calls it again for each command that comes before it says that it is connecting.
      connecting ??= ask()
        .then(() => {
          if (isEnded) throw new Error('Connection is closed.')
          return connect()
        })
        .finally(() => {
          connecting = undefined
        })
      return connecting
    },
    disconnect: (reconnect = false): void => {
      isEnded = !reconnect
      disconnect(reconnect)
    },
  })
  return client
}

/**
 * Ends a connection that stands while nobody answers to its greeting. ioredis has no limit for that: the node would be
 * kept as one that is connecting, and its cluster would look for no other.
 */
export function endSilentHandshake(client: Redis, limitMs: number): void {
  client.on('connect', () => {
    const { stream } = client
    const settled = new Promise<void>((resolve) => {
      client.once('ready', () => resolve())
      stream.once('close', () => resolve())
    })
    withDeadline(settled, limitMs, undefined).catch(() => {
      stream.destroy(new Error('its server did not answer to the greeting'))
    })
  })
}
