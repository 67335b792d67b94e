import {
  type ConnectionLog,
  type ConnectionSettings,
  reconnectDelayMs,
} from '@cairnkit/redis-kernel/connections'
import type { Cluster, Redis, RedisOptions } from 'ioredis'
import { coalesceWrites } from './coalesce-writes.js'
import { handshakeOptions } from './handshake.js'

/** What every connection has, whatever the topology. */
export type NodeOptions = Omit<RedisOptions, 'replyMapping' | 'sentinels'> & { readonly protocol: 2 }

export function nodeOptions(settings: ConnectionSettings): NodeOptions {
  return {
    ...handshakeOptions(settings),
    lazyConnect: true,
    connectTimeout: settings.attemptTimeoutMs,
    // No `socketTimeout`: it would fire after a standstill of this process, before what arrived meanwhile was read. Answers
    // are watched by the kernel.
    // A timer that runs even if the connection was never made, and keeps the process alive as long.
    disconnectTimeout: 200,
    // RESP2 needs no HELLO, which some proxies refuse, and is the same in both majors.
    protocol: 2,
    // A command whose reply was lost must reject: by default it is sent again.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // A command that cannot be sent now must reject now: from a queue it may be applied long after its deadline.
    enableOfflineQueue: false,
    enableAutoPipelining: false,
    // INFO is no command that the driver needs; a server that loads its data says so to every command.
    enableReadyCheck: false,
    disableClientInfo: true,
  }
}

/** A cluster that never was connected gives up, so that connecting fails in time. */
export function retryStrategy(log: ConnectionLog): (attempt: number) => number | null {
  return (attempt) => (log.connected ? reconnectDelayMs(attempt) : null)
}

/** Reports what a client of one server says, and its end. */
export function attach(client: Redis, log: ConnectionLog, ended: (() => void) | undefined): Redis {
  coalesceWrites(client)
  client.on('error', (error: Error & { command?: { name?: string } }) => {
    log.note(error)
    // ioredis goes on with database 0, where the data of others may be.
    if (error.command?.name === 'select') client.disconnect()
  })
  if (ended !== undefined) client.once('end', ended)
  return client
}

/** A client says that it has ended within `disconnectTimeout`; one that waits to connect again never says so. */
const END_WITHIN_MS = 500

/** Resolves when the client has ended. */
export async function disconnect(client: Redis | Cluster): Promise<void> {
  if (client.status === 'end') {
    // What watches Sentinels ends with this call only.
    client.disconnect()
    return
  }
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, END_WITHIN_MS)
    client.once('end', () => {
      clearTimeout(timer)
      resolve()
    })
    client.disconnect()
  })
}
