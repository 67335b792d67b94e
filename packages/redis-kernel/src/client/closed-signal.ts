import { setMaxListeners } from 'node:events'
import type { ConnectionLog } from './connection-log.js'
import type { OwnedClient } from './lane.js'

/** A client whose connections listen for its end. */
export interface SignalledClient<Client> extends Omit<OwnedClient<Client>, 'create'> {
  /** `closed` fires when the client was destroyed: no connection may live on, nor be made again. */
  create(log: ConnectionLog, closed: AbortSignal): Client
}

/** For a client that loses sight of connections, and would leave them behind when it is destroyed. */
export function withClosedSignal<Client extends object>(kind: SignalledClient<Client>): OwnedClient<Client> {
  const closings = new WeakMap<Client, AbortController>()
  return {
    ...kind,
    create: (log) => {
      const closing = new AbortController()
      // Each connection listens.
      setMaxListeners(0, closing.signal)
      const client = kind.create(log, closing.signal)
      closings.set(client, closing)
      return client
    },
    destroy: async (client) => {
      await kind.destroy(client)
      closings.get(client)?.abort()
    },
  }
}
