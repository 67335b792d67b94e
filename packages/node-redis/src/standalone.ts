import {
  type SingleServerClient,
  type StandaloneSettings,
  receivedBytes,
  singleServer,
  tlsOf,
} from '@cairnkit/redis-kernel/connections'
import { createClient } from '@redis/client'
import { type Caller, call, channelOf } from './calls.js'
import { setName } from './set-name.js'
import { end, nodeOptions, socketOptions } from './node-options.js'
import { trafficOf } from './traffic.js'

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
  const { clientName, db } = settings
  const address = 'path' in settings ? { path: settings.path } : { host: settings.host, port: settings.port }
  return singleServer<Client>(settings, {
    create: (log, ended) => {
      // Of a duplicate, since it shares the class. `createClient` makes one of hundreds of commands for each address.
      template ??= createClient({ RESP: 2 })
      const client = template.duplicate({
        ...nodeOptions(settings),
        database: db,
        // It ends with its connection. Another one is made then, which is used when it was greeted.
        socket: { ...socketOptions({ ...settings, tls: tlsOf(settings) }, false), ...address },
      })
      client.on('error', (error) => {
        log.note(error)
        if (!client.isOpen) ended?.()
      })
      client.on('ready', () => setName(client as unknown as Caller, clientName))
      trafficOf(client)
      return client as unknown as Client
    },
    isReady: (client) => client.isReady,
    receivedBytes: (client) => receivedBytes([trafficOf(client)]),
    send: (client, command) => call(client, command),
    channel: channelOf,
    subscribe: async (client, channels, hear) => {
      await client.subscribe(channels, (message, channel) => hear(channel, message))
    },
    destroy: (client) => Promise.resolve(end(client)),
  })
}
