import {
  type BorrowedClient,
  type Channel,
  type Channels,
  appliedTwice,
  assertLibrary,
  greet,
  harmfulSetting,
  whenReady,
} from '@cairnkit/redis-kernel'
import {
  type Caller,
  type ClusterCaller,
  call,
  callCluster,
  channelOf,
  leasedChannelOf,
  primariesOf,
} from './calls.js'
import { clusterChannels } from './cluster-channels.js'
import type { NodeRedisClient } from './options.js'
import { type SentinelCaller, sentinelChannel } from './sentinel-channel.js'

type Borrowed = BorrowedClient<NodeRedisClient>

/** What may be there to read. */
interface Readable {
  readonly options?: { readonly keyPrefix?: string; readonly readonly?: boolean }
  readonly _keyPrefix?: string
  readonly isReady?: boolean
}

/**
 * A client that the caller made. Throws a `TypeError` that names the setting to change if the client would apply a
 * command twice or change keys.
 */
export function borrowedClient(client: NodeRedisClient): Borrowed {
  assertLibrary(client, 'node-redis')
  const isSentinel = 'acquire' in client && 'getMasterNode' in client
  assertUsable(client, isSentinel)
  // A Sentinel looks for the primary when a command comes, so it is sent in any state.
  const ready: Borrowed['isReady'] = (borrowed) => borrowed.isOpen && (isSentinel || isReady(borrowed))
  if ('nodeClient' in client) {
    const cluster = client as unknown as ClusterCaller
    return {
      isReady: ready,
      // It has asked for the slots, which shows as much as a PING.
      prepare,
      send: (_client, key, command) => callCluster(cluster, key, command),
      primaries: () => primariesOf(cluster),
      ...(clusterChannels<NodeRedisClient & ClusterCaller>() as Channels<NodeRedisClient>),
    }
  }
  const caller = client as unknown as Caller
  const route = isSentinel ? [false] : []
  return {
    isReady: ready,
    prepare: async (borrowed, timeoutMs) => {
      await prepare(borrowed, timeoutMs)
      await greet(call(caller, ['PING'], ...route))
    },
    send: (_client, _key, command) => call(caller, command, ...route),
    channel: () => channelTo(client, isSentinel),
  }
}

interface Pool {
  execute(work: (client: Caller) => Promise<unknown>): Promise<unknown>
}

function channelTo(client: NodeRedisClient, isSentinel: boolean): Channel {
  if (isSentinel) return sentinelChannel(client as unknown as SentinelCaller)
  if (!('totalClients' in client && 'execute' in client)) return channelOf(client as unknown as Caller)
  // A pool gives each lease a connection of its own, so none holds up another.
  const pool = client as unknown as Pool
  return leasedChannelOf({}, (work) => pool.execute(work))
}

async function prepare(client: NodeRedisClient, timeoutMs: number): Promise<void> {
  if (!client.isOpen) await client.connect()
  await whenReady(() => (isReady(client) ? 'ready' : client.isOpen ? 'connecting' : 'closed'), timeoutMs)
}

function isReady(client: NodeRedisClient): boolean {
  return (client as Readable).isReady ?? client.isOpen
}

function assertUsable(client: NodeRedisClient, isSentinel: boolean): void {
  const { options, _keyPrefix } = client as Readable
  if ((options?.keyPrefix ?? _keyPrefix ?? '') !== '') {
    throw harmfulSetting(
      'keyPrefix',
      'changes keys',
      "make the client without it, and use the driver's own keyPrefix",
    )
  }
  if (options?.readonly === true)
    throw harmfulSetting('readonly', 'leads to replicas', 'connect to the primary')
  if (!isSentinel) return
  const rediscovers = rediscoversOf(client)
  if (rediscovers === 'unknown') {
    throw new TypeError(
      'client: the settings of a Sentinel of node-redis 5 cannot be read, and by default it applies a command twice ' +
        'whose reply was lost: pass { sentinel } instead, or use node-redis 6',
    )
  }
  if (rediscovers !== 0) throw harmfulSetting('maxCommandRediscovers', appliedTwice, 'set it to 0')
}

/** A Sentinel keeps its options to itself, and hands them to the constructor when it is asked for a duplicate. */
function rediscoversOf(client: object): number | undefined | 'unknown' {
  if (!('duplicate' in client && typeof client.duplicate === 'function')) return 'unknown'
  let rediscovers: number | undefined
  function Reader(options: { readonly maxCommandRediscovers?: number }): void {
    rediscovers = options.maxCommandRediscovers
  }
  const prototype: object = Object.create(client, { constructor: { value: Reader } }) as object
  client.duplicate.call(Object.create(prototype))
  return rediscovers
}
