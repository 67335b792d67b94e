import {
  type AddressMap,
  type GivenClientKind,
  type GivenState,
  type ClusterCalls,
  appliedTwice,
  assertLibrary,
  assertNoKeyPrefix,
  harmfulSetting,
} from '@cairnkit/redis-kernel/connections'
import { type Call, call, channelOf, withNumbers } from './calls.js'
import { ChosenDatabases, type DatabaseChooser } from './chosen-database.js'
import { type ClusterLike, callsOf } from './cluster-calls.js'
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
export function givenClient(client: IoredisClient): GivenClientKind<IoredisClient> {
  assertLibrary(client, 'ioredis')
  if (typeof client.options !== 'object')
    throw new TypeError('client: its options cannot be read, so not be checked')
  const options: ReadableOptions = client.options
  assertUsable(client.isCluster, options)
  const numbers = (options.stringNumbers ?? options.redisOptions?.stringNumbers) === true
  const send: Call = numbers ? async (caller, command) => withNumbers(await call(caller, command)) : call
  const greeting = (given: IoredisClient): Promise<unknown> => call(given, ['PING'])
  if (client.isCluster)
    return { state: stateOf, greeting, isReady: isClusterReady, ...clusterCallsOf(options, send) }
  const databases = new ChosenDatabases()
  return {
    state: stateOf,
    greeting: async (given) => {
      await databases.choose(given as SingleServer)
      return await greeting(given)
    },
    isReady: (given) => given.status === 'ready' && databases.isChosen(given as SingleServer),
    send: (given, _key, command) => send(given, command),
    channel: (given) => channelOf(given, send),
    channels: (given) => [channelOf(given, send)],
    renew: (given) => given.disconnect(true),
  }
}

/** A client that does not say `isCluster`. */
type SingleServer = IoredisClient & DatabaseChooser

/** A client that says `isCluster`. */
type BorrowedCluster = IoredisClient & ClusterLike

function clusterCallsOf({ natMap }: ReadableOptions, send: Call): ClusterCalls<BorrowedCluster> {
  const addressMap = typeof natMap === 'object' ? (natMap as AddressMap | null) : null
  return callsOf((_cluster, announced) => addressMap?.[announced], send)
}

/** When it knows no primary, ioredis asks a replica, which answers with what it has. */
function isClusterReady(client: IoredisClient): boolean {
  if (client.status !== 'ready') return false
  const cluster = client as BorrowedCluster
  if (cluster.nodes('master').length > 0) return true
  cluster.refreshSlotsCache()
  return false
}

function stateOf({ status }: IoredisClient): GivenState {
  switch (status) {
    case 'wait':
      return 'idle'
    case 'end':
      return 'closed'
    case 'ready':
      return status
    default:
      return 'connecting'
  }
}

/** What the method `duplicate` of a client is to be told. */
const safe = '{ autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 }'
const safeCluster = "[], { retryDelayOnFailover: 0, scaleReads: 'master' }"

function assertUsable(isCluster: boolean, options: ReadableOptions): void {
  assertNoKeyPrefix(options.keyPrefix ?? options.redisOptions?.keyPrefix)
  if (options.enableAutoPipelining === true) {
    throw harmfulSetting(
      'enableAutoPipelining',
      'answers null for existing keys while a slot moves',
      'set it to false',
      isCluster ? safeCluster : safe,
    )
  }
  if (isCluster) {
    if (options.retryDelayOnFailover !== 0)
      throw harmfulSetting('retryDelayOnFailover', appliedTwice, 'set it to 0', safeCluster)
    if (options.scaleReads === 'master') return
    throw harmfulSetting(
      'scaleReads',
      'reads from replicas, which lag behind',
      "set it to 'master'",
      safeCluster,
    )
  }
  if (options.autoResendUnfulfilledCommands !== false) {
    const advice = 'set it to false, and maxRetriesPerRequest to 0'
    throw harmfulSetting('autoResendUnfulfilledCommands', appliedTwice, advice, safe)
  }
  if (options.maxRetriesPerRequest !== 0) {
    const harm = 'leaves a command without an end whose reply was lost'
    throw harmfulSetting('maxRetriesPerRequest', harm, 'set it to 0', safe)
  }
  if (options.role === 'slave' || options.readOnly === true) {
    const setting = options.role === 'slave' ? 'role' : 'readOnly'
    throw harmfulSetting(setting, 'leads to a replica', 'connect to the primary')
  }
}
