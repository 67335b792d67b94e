import {
  type AddressMap,
  type BorrowedClient,
  type Channels,
  type RedisCommand,
  type RedisPrimary,
  type RedisReply,
  appliedTwice,
  assertLibrary,
  greet,
  harmfulSetting,
  whenReady,
} from '@cairnkit/redis-kernel'
import { type Caller, call, channelOf, withNumbers } from './calls.js'
import { type ClusterLike, clusterChannels } from './cluster-channels.js'
import type { IoredisClient } from './options.js'

/** The settings that decide whether a client may be used. */
interface ReadableOptions {
  readonly keyPrefix?: string | Buffer
  readonly enableAutoPipelining?: boolean
  readonly autoResendUnfulfilledCommands?: boolean
  readonly maxRetriesPerRequest?: number | null
  readonly retryDelayOnFailover?: number
  readonly scaleReads?: unknown
  readonly role?: string
  readonly readOnly?: boolean
  readonly stringNumbers?: boolean
  readonly natMap?: unknown
  readonly redisOptions?: { readonly keyPrefix?: string | Buffer; readonly stringNumbers?: boolean }
}

/**
 * A client that the caller made. Throws a `TypeError` that names the setting to change if the client would apply a
 * command twice, change keys, or answer with something else than what is stored.
 */
export function borrowedClient(client: IoredisClient): BorrowedClient<IoredisClient> {
  assertLibrary(client, 'ioredis')
  if (typeof client.options !== 'object')
    throw new TypeError('client: its options cannot be read, so not be checked')
  const options: ReadableOptions = client.options
  assertUsable(client.isCluster, options)
  const numbers = (options.stringNumbers ?? options.redisOptions?.stringNumbers) === true
  const answer = async (caller: Caller, command: RedisCommand): Promise<RedisReply> => {
    const reply = await call(caller, command)
    return numbers ? withNumbers(reply) : reply
  }
  const primaries = (cluster: IoredisClient): RedisPrimary[] =>
    asCluster(cluster)
      .nodes('master')
      .map((node) => ({
        send: (command) => answer(node, command),
      }))
  return {
    prepare: async (borrowed, timeoutMs) => {
      if (borrowed.status === 'wait') await borrowed.connect()
      await whenReady(() => stateOf(borrowed), timeoutMs)
      await greet(call(borrowed, ['PING']))
    },
    isReady: (borrowed) =>
      borrowed.status === 'ready' && (!borrowed.isCluster || knowsPrimary(asCluster(borrowed))),
    send: (borrowed, _key, command) => answer(borrowed, command),
    ...(client.isCluster
      ? { primaries, ...channelsOf(options, answer) }
      : { channel: (borrowed: IoredisClient) => channelOf(borrowed, answer) }),
  }
}

/** When it knows no primary, ioredis asks a replica, which answers with what it has. */
function knowsPrimary(cluster: ClusterLike): boolean {
  if (cluster.nodes('master').length > 0) return true
  cluster.refreshSlotsCache()
  return false
}

function asCluster(client: IoredisClient): ClusterLike {
  return client as IoredisClient & ClusterLike
}

type Answer = (caller: Caller, command: RedisCommand) => Promise<RedisReply>

function channelsOf({ natMap }: ReadableOptions, answer: Answer): Channels<IoredisClient> {
  const addressMap = typeof natMap === 'object' ? (natMap as AddressMap | null) : null
  return clusterChannels<IoredisClient & ClusterLike>(
    addressMap ?? undefined,
    answer,
  ) as Channels<IoredisClient>
}

function stateOf({ status }: IoredisClient): 'ready' | 'connecting' | 'closed' {
  return status === 'ready' ? 'ready' : status === 'end' ? 'closed' : 'connecting'
}

function assertUsable(isCluster: boolean, options: ReadableOptions): void {
  if ((options.keyPrefix ?? options.redisOptions?.keyPrefix ?? '').length > 0) {
    throw harmfulSetting(
      'keyPrefix',
      'changes keys',
      "make the client without it, and use the driver's own keyPrefix",
    )
  }
  if (options.enableAutoPipelining === true) {
    throw harmfulSetting(
      'enableAutoPipelining',
      'answers null for existing keys while a slot moves',
      'set it to false',
    )
  }
  if (isCluster) {
    if (options.retryDelayOnFailover !== 0)
      throw harmfulSetting('retryDelayOnFailover', appliedTwice, 'set it to 0')
    if (options.scaleReads === 'master') return
    throw harmfulSetting('scaleReads', 'reads from replicas, which lag behind', "set it to 'master'")
  }
  if (options.autoResendUnfulfilledCommands !== false) {
    const advice = 'set it to false, and maxRetriesPerRequest to 0'
    throw harmfulSetting('autoResendUnfulfilledCommands', appliedTwice, advice)
  }
  if (options.maxRetriesPerRequest !== 0) {
    const harm = 'leaves a command without an end whose reply was lost'
    throw harmfulSetting('maxRetriesPerRequest', harm, 'set it to 0')
  }
  if (options.role === 'slave' || options.readOnly === true) {
    const setting = options.role === 'slave' ? 'role' : 'readOnly'
    throw harmfulSetting(setting, 'leads to a replica', 'connect to the primary')
  }
}
