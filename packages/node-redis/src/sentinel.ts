import { type OwnedClient, type SentinelSettings, addressList, greet } from '@cairnkit/redis-kernel'
import { createSentinel } from 'redis'
import { call } from './calls.js'
import { nodeOptions, socketOptions, withTls } from './node-options.js'
import { type SentinelCaller, sentinelChannel } from './sentinel-channel.js'

interface Client extends SentinelCaller {
  connect(): Promise<unknown>
  destroy(): Promise<void>
}

/** The primary that Sentinels name. */
export function sentinelClient(settings: SentinelSettings): OwnedClient<Client> {
  const { name, nodes, db, tls, addressMap, attemptTimeoutMs } = settings
  return {
    target: `the primary ${name} of ${addressList(nodes)}`,
    create: (log) => {
      const client = createSentinel({
        name,
        sentinelRootNodes: nodes.map(({ host, port }) => ({ host, port })),
        RESP: 2,
        // Commands share one connection. Without the reservation, commands of one tick wait for each other.
        masterPoolSize: 1,
        reserveClient: true,
        // Above 0, a command whose reply was lost is sent again.
        maxCommandRediscovers: 0,
        passthroughClientErrorEvents: true,
        ...(addressMap === undefined ? {} : { nodeAddressMap: { ...addressMap } }),
        // A lost connection is never made anew by itself: the next command asks the Sentinels where to go.
        nodeClientOptions: {
          ...nodeOptions(settings),
          database: db,
          socket: { ...socketOptions(settings, false), ...withTls(tls) },
        },
        // Short, so that a Sentinel that hangs does not use up the time of the others.
        sentinelClientOptions: {
          ...nodeOptions({ ...settings, credentials: settings.sentinelCredentials }),
          disableOfflineQueue: false,
          pingInterval: attemptTimeoutMs / 2,
          socket: {
            ...socketOptions(settings, false),
            ...withTls(settings.sentinelTls),
            socketTimeout: attemptTimeoutMs,
          },
        },
      })
      client.on('error', log.note)
      client.on('ready', () => log.ready())
      return client as unknown as Client
    },
    open: async (client) => {
      await client.connect()
      await greet(call(client, ['PING'], false))
    },
    // A command makes the client look for the primary, so it is sent in any state.
    isReady: () => true,
    send: (client, _key, command) => call(client, command, false),
    channel: sentinelChannel,
    destroy: (client) => client.destroy(),
  }
}
