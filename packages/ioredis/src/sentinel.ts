import { type OwnedClient, type SentinelSettings, addressList, greet } from '@cairnkit/redis-kernel'
import { Redis } from 'ioredis'
import { call, channelOf } from './calls.js'
import { attach, disconnect, nodeOptions, retryStrategy } from './node-options.js'
import { dismiss, revive } from './revive.js'

/** The primary that Sentinels name. */
export function sentinelClient(settings: SentinelSettings): OwnedClient<Redis> {
  const { name, nodes, db, tls, addressMap, attemptTimeoutMs } = settings
  const { sentinelCredentials, sentinelTls } = settings
  return {
    target: `the primary ${name} of ${addressList(nodes)}`,
    create: (log) => {
      const client = attach(
        new Redis({
          ...nodeOptions(settings),
          name,
          sentinels: nodes.map(({ host, port }) => ({ host, port })),
          db,
          role: 'master',
          sentinelUsername: sentinelCredentials.username ?? '',
          sentinelPassword: sentinelCredentials.password ?? '',
          ...(sentinelTls === undefined ? {} : { sentinelTLS: sentinelTls }),
          ...(tls === undefined ? {} : { tls, enableTLSForSentinelMode: true }),
          ...(addressMap === undefined ? {} : { natMap: { ...addressMap } }),
          sentinelCommandTimeout: attemptTimeoutMs,
          retryStrategy: retryStrategy(log),
          sentinelRetryStrategy: retryStrategy(log),
          // Hears of a failover from the Sentinels instead of waiting until the old primary is gone.
          failoverDetector: true,
          sentinelReconnectStrategy: () => 5000,
          // INFO tells the role: a Sentinel may still name a primary that has been demoted. Refused, it is skipped.
          enableReadyCheck: true,
          // A demoted primary: ask the Sentinels again. `true` does not send the command a second time.
          reconnectOnError: (error) => error.message.startsWith('READONLY'),
        }).on('sentinelError', log.note),
        log,
      )
      return revive(client, log)
    },
    open: async (client) => {
      await client.connect()
      await greet(call(client, ['PING']))
    },
    isReady: (client) => client.status === 'ready',
    send: (client, _key, command) => call(client, command),
    channel: (client) => channelOf(client),
    destroy: (client) => {
      dismiss(client)
      return disconnect(client)
    },
  }
}
