import {
  type SingleServerClient,
  type StandaloneSettings,
  reconnectDelayMs,
  singleServer,
} from '@cairnkit/redis-kernel/connections'
import { createClient } from 'redis'
import { type Caller, call, channelOf } from './calls.js'
import { end, nodeOptions, socketOptions } from './node-options.js'

interface Client extends Caller {
  readonly isReady: boolean
  connect(): Promise<unknown>
  destroy(): void
  on(event: 'connect', listener: () => void): unknown
  subscribe(channels: readonly string[], hear: (message: string, channel: string) => void): Promise<unknown>
}

/** Never connected. */
let template: ReturnType<typeof createClient> | undefined

/** One server. */
export function standaloneClient(settings: StandaloneSettings): SingleServerClient<Client> {
  const { host, port, db } = settings
  return singleServer<Client>(settings, {
    create: (log) => {
      // While it may reconnect, the client's `connect` never settles, not even on a wrong password.
      const strategy = (attempt: number): number | false =>
        log.connected ? reconnectDelayMs(attempt + 1) : false
      // Of a duplicate, since it shares the class. `createClient` makes one of hundreds of commands for each address.
      template ??= createClient({ RESP: 2 })
      const client = template.duplicate({
        ...nodeOptions(settings),
        database: db,
        socket: { ...socketOptions(settings, strategy), host, port },
      })
      client.on('error', log.note)
      client.on('ready', () => log.ready())
      return client as unknown as Client
    },
    isReady: (client) => client.isReady,
    send: (client, command) => call(client, command),
    channel: channelOf,
    subscribe: async (client, channels, hear) => {
      await client.subscribe(channels, (message, channel) => hear(channel, message))
    },
    destroy: (client) => Promise.resolve(end(client)),
    hanging: { notice: (_client, { answered }) => (answered ? 'keep' : 'replace') },
  })
}
