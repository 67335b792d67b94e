import { type OwnedClient, type StandaloneSettings, greet } from '@cairnkit/redis-kernel'
import { Redis } from 'ioredis'
import { call, channelOf } from './calls.js'
import { attach, disconnect, nodeOptions, retryStrategy } from './node-options.js'

/** One server. */
export function standaloneClient(settings: StandaloneSettings): OwnedClient<Redis> {
  const { host, port, db, tls } = settings
  return {
    target: `${host}:${port}`,
    create: (log) =>
      attach(
        new Redis({
          ...nodeOptions(settings),
          host,
          port,
          db,
          ...(tls === undefined ? {} : { tls }),
          retryStrategy: retryStrategy(log),
        }),
        log,
      ),
    open: async (client) => {
      await client.connect()
      await greet(call(client, ['PING']))
    },
    isReady: (client) => client.status === 'ready',
    send: (client, _key, command) => call(client, command),
    channel: (client) => channelOf(client),
    destroy: disconnect,
  }
}
