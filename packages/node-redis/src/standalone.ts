import {
  type OwnedClient,
  type StandaloneSettings,
  greet,
  reconnectDelayMs,
  silenceMs,
} from '@cairnkit/redis-kernel'
import { createClient } from 'redis'
import { type Caller, call, channelOf } from './calls.js'
import { end, nodeOptions, socketOptions, withTls } from './node-options.js'

interface Client extends Caller {
  readonly isReady: boolean
  connect(): Promise<unknown>
  destroy(): void
  on(event: 'connect', listener: () => void): unknown
}

/** One server. */
export function standaloneClient(settings: StandaloneSettings): OwnedClient<Client> {
  const { host, port, db, tls } = settings
  return {
    target: `${host}:${port}`,
    create: (log) => {
      // While it may reconnect, the client's `connect` never settles, not even on a wrong password.
      const strategy = (attempt: number): number | false =>
        log.connected ? reconnectDelayMs(attempt + 1) : false
      const client = createClient({
        ...nodeOptions(settings),
        database: db,
        socket: { ...socketOptions(settings, strategy), ...withTls(tls), host, port },
      })
      client.on('error', log.note)
      client.on('ready', () => log.ready())
      return client as unknown as Client
    },
    open: async (client) => {
      await client.connect()
      await greet(call(client, ['PING']))
    },
    isReady: (client) => client.isReady,
    send: (client, _key, command) => call(client, command),
    channel: (client) => channelOf(client),
    destroy: (client) => Promise.resolve(end(client)),
    hanging: {
      afterMs: silenceMs(settings),
      notice: (_client, { answered }) => (answered ? 'keep' : 'replace'),
    },
  }
}
