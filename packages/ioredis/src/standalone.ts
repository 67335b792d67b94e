import {
  type SingleServerClient,
  type StandaloneSettings,
  receivedBytes,
  singleServer,
  tlsOf,
} from '@cairnkit/redis-kernel/connections'
import { Redis } from 'ioredis'
import { call, channelOf } from './calls.js'
import { askBeforeConnecting } from './handshake.js'
import { attach, disconnect, nodeOptions } from './node-options.js'
import { trafficOf } from './traffic.js'

/** One server. */
export function standaloneClient(settings: StandaloneSettings): SingleServerClient<Redis> {
  const { credentials, db } = settings
  const address = 'path' in settings ? { path: settings.path } : { host: settings.host, port: settings.port }
  const tls = tlsOf(settings)
  return singleServer<Redis>(settings, {
    create: (log, ended) =>
      attach(
        askBeforeConnecting(
          new Redis({
            ...nodeOptions(settings),
            ...address,
            db,
            ...(tls === undefined ? {} : { tls }),
            // It ends with its connection. Another one is made then, which is used when it was greeted.
            retryStrategy: null,
          }),
          credentials,
        ),
        log,
        ended,
      ),
    isReady: (client) => client.status === 'ready',
    receivedBytes: (client) => receivedBytes([trafficOf(client)]),
    send: call,
    channel: channelOf,
    subscribe: async (client, channels, hear) => {
      client.on('message', hear)
      await client.subscribe(...channels)
    },
    destroy: disconnect,
  })
}
