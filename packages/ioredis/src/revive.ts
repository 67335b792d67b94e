import { type ConnectionLog, reconnectDelayMs } from '@cairnkit/redis-kernel'
import type { Redis } from 'ioredis'

const dismissed = new WeakSet<object>()

/** From now on the client may end. */
export function dismiss(client: object): void {
  dismissed.add(client)
}

/**
 * Connects a client again that ended by itself. ioredis gives up for good when a failover is announced in the moment in
 * which it asks the Sentinels who is primary: it takes its own answer to the announcement for a wish to end.
 */
export function revive(client: Redis, log: ConnectionLog): Redis {
  return client.on('end', () => {
    setTimeout(() => {
      if (dismissed.has(client) || !log.connected || client.status !== 'end') return
      client.connect().catch(log.note)
    }, reconnectDelayMs(1)).unref()
  })
}
