import {
  type SingleServerClient,
  type StandaloneSettings,
  singleServer,
} from '@cairnkit/redis-kernel/connections'
import { Redis } from 'ioredis'
import { call, channelOf } from './calls.js'
import { attach, disconnect, nodeOptions } from './node-options.js'

/** One server. */
export function standaloneClient(settings: StandaloneSettings): SingleServerClient<Redis> {
  const { host, port, db, tls } = settings
  return singleServer<Redis>(settings, {
    create: (log, ended) =>
      attach(
        new Redis({
          ...nodeOptions(settings),
          host,
          port,
          db,
          ...(tls === undefined ? {} : { tls }),
          // It ends with its connection. Another one is made then, which is used when it was greeted.
          retryStrategy: null,
        }),
        log,
        ended,
      ),
    isReady: (client) => client.status === 'ready',
    send: call,
    channel: channelOf,
    subscribe: async (client, channels, hear) => {
      client.on('message', hear)
      await client.subscribe(...channels)
    },
    destroy: disconnect,
  })
}
