import {
  type GivenClientKind,
  type GivenState,
  type Channel,
  type ClusterCalls,
  appliedTwice,
  assertLibrary,
  assertNoKeyPrefix,
  harmfulSetting,
} from '@cairnkit/redis-kernel/connections'
import { type Caller, call, channelOf } from './calls.js'
import { type ClusterCaller, calls } from './cluster-calls.js'
import { type Lease, leasedChannelOf } from './leased-channel.js'
import { optionsOf } from './hidden-options.js'
import type { NodeRedisClient } from './options.js'

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
export function givenClient(client: NodeRedisClient): GivenClientKind<NodeRedisClient> {
  assertLibrary(client, 'node-redis')
  const isSentinel = 'acquire' in client && 'getMasterNode' in client
  assertUsable(client, isSentinel)
  if ('nodeClient' in client) {
    const ofCluster: ClusterCalls<NodeRedisClient & ClusterCaller> = calls
    // No greeting: it has asked for the slots, which shows as much as a PING.
    return { state: stateOf, isReady, ...ofCluster }
  }
  const caller = client as unknown as Caller
  const route = isSentinel ? [false] : []
  return {
    state: stateOf,
    greeting: () => call(caller, ['PING'], ...route),
    // A Sentinel looks for the primary when a command comes, so it is sent in any state.
    isReady: (given) => (isSentinel ? given.isOpen : isReady(given)),
    send: (_client, _key, command) => call(caller, command, ...route),
    channel: () => channelTo(client, isSentinel),
    // What is sent on any connection of a pool, and not answered, keeps the next PING back.
    channels: () => [{ ...channelTo(client, isSentinel), connection: client }],
    ...(isSentinel ? {} : { renew: () => endConnections(client) }),
  }
}

/** A pool of clients. */
interface Pool {
  readonly totalClients: number
  readonly execute: Lease
}

const isPool = (client: object): client is Pool => 'totalClients' in client && 'execute' in client

/** How long a connection of a pool stays with the command that failed, at most. */
const LEASE_ENDS_MS = 10

/**
 * The client has no call for it that would keep what belongs to the caller. The server ends a connection that asks for it
 * once it has answered what was sent before, and the client makes another one.
 */
function endConnections(client: object): void {
  // The user may not be allowed to ask, and the connection may be lost already.
  const quit = (caller: Caller): Promise<unknown> => call(caller, ['QUIT']).catch(() => undefined)
  if (!isPool(client)) return void quit(client as Caller)
  setTimeout(() => {
    for (let at = 0; at < client.totalClients; at++) client.execute(quit).catch(() => undefined)
  }, LEASE_ENDS_MS)
}

/** With what its own commands are made of; the public lease takes 30 to 50 ms of computing. */
interface Sentinel {
  _execute(isReadonly: false, work: Parameters<Lease>[0]): Promise<unknown>
}

function channelTo(client: NodeRedisClient, isSentinel: boolean): Channel {
  if (isSentinel) {
    const sentinel = client as unknown as Sentinel
    return leasedChannelOf(sentinel, (work) => sentinel._execute(false, work))
  }
  if (!isPool(client)) return channelOf(client as unknown as Caller)
  // A pool gives each lease a connection of its own, so none holds up another.
  return leasedChannelOf({}, (work) => client.execute(work))
}

function stateOf(client: NodeRedisClient): GivenState {
  if (!client.isOpen) return 'idle'
  return isReady(client) ? 'ready' : 'connecting'
}

function isReady(client: NodeRedisClient): boolean {
  return client.isOpen && ((client as Readable).isReady ?? true)
}

function assertUsable(client: NodeRedisClient, isSentinel: boolean): void {
  const { options, _keyPrefix } = client as Readable
  assertNoKeyPrefix(options?.keyPrefix ?? _keyPrefix)
  if (options?.readonly === true)
    throw harmfulSetting('readonly', 'leads to replicas', 'connect to the primary', '{ readonly: false }')
  if (!isSentinel) return
  const settings = optionsOf(client) as { readonly maxCommandRediscovers?: number } | undefined
  if (settings === undefined) {
    throw new TypeError(
      'client: the settings of a Sentinel of node-redis 5 cannot be read, and by default it applies a command twice ' +
        'whose reply was lost: pass { sentinel } instead, or use node-redis 6',
    )
  }
  if (settings.maxCommandRediscovers === 0) return
  throw harmfulSetting('maxCommandRediscovers', appliedTwice, 'set it to 0', '{ maxCommandRediscovers: 0 }')
}
