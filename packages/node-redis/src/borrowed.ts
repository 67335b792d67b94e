import { type BorrowedClient, assertLibrary } from '@cairnkit/redis-kernel'
import {
  type Caller,
  type ClusterCaller,
  type SentinelCaller,
  call,
  callCluster,
  callSentinel,
  greet,
} from './calls.js'
import type { NodeRedisClient } from './options.js'

type Shape = 'client' | 'pool' | 'sentinel' | 'cluster'

/** What may be there to read. */
interface Readable {
  readonly options?: { readonly keyPrefix?: string; readonly readonly?: boolean }
  readonly _keyPrefix?: string
  readonly isReady?: boolean
}

/** The settings of a Sentinel that decide whether it may be used. */
interface SentinelOptions {
  readonly maxCommandRediscovers?: number
}

/**
 * A client that the caller made. Throws a `TypeError` that names the setting to change if the client would apply a
 * command twice or change keys.
 */
export function borrowedClient(client: NodeRedisClient): BorrowedClient<NodeRedisClient> {
  assertLibrary(client, 'node-redis')
  const shape = shapeOf(client)
  assertUsable(client, shape)
  const calls = callsOf(client, shape)
  return {
    target: 'the client that was passed',
    listen: (borrowed, log) => {
      borrowed.on('error', log.note)
      return () => borrowed.off('error', log.note)
    },
    prepare: async (borrowed) => {
      if (borrowed.isOpen) await ready(borrowed)
      else await borrowed.connect()
      await greet(calls.greet())
    },
    // A Sentinel looks for the primary when a command comes, so it is sent in any state.
    isReady: (borrowed) => borrowed.isOpen && (shape === 'sentinel' || isReady(borrowed)),
    send: (_client, key, command) => calls.send(key, command),
    primaries: calls.primaries,
  }
}

function shapeOf(client: object): Shape {
  if ('nodeClient' in client) return 'cluster'
  if ('acquire' in client && 'getMasterNode' in client) return 'sentinel'
  return 'execute' in client && 'totalClients' in client ? 'pool' : 'client'
}

type Calls = Pick<BorrowedClient<NodeRedisClient>, 'primaries'> & {
  greet(): Promise<unknown>
  send(
    ...args: Parameters<BorrowedClient<NodeRedisClient>['send']> extends [unknown, ...infer Rest]
      ? Rest
      : never
  ): ReturnType<typeof call>
}

function callsOf(client: NodeRedisClient, shape: Shape): Calls {
  if (shape === 'cluster') {
    const cluster = client as unknown as ClusterCaller
    const at = async (node: object): Promise<Caller> => await cluster.nodeClient(node)
    return {
      greet: async () => cluster.masters[0] && call(await at(cluster.masters[0]), ['PING']),
      send: (key, command) => callCluster(cluster, key, command),
      primaries: () =>
        cluster.masters.map((node) => ({ send: async (command) => call(await at(node), command) })),
    }
  }
  const send =
    shape === 'sentinel'
      ? callSentinel.bind(undefined, client as unknown as SentinelCaller)
      : call.bind(undefined, client as unknown as Caller)
  return { greet: () => send(['PING']), send: (_key, command) => send(command), primaries: () => [{ send }] }
}

function isReady(client: NodeRedisClient): boolean {
  return (client as Readable).isReady ?? client.isOpen
}

/** Clients tell by an event, and not all do; waiting ends with the deadline of the caller. */
async function ready(client: NodeRedisClient): Promise<void> {
  while (client.isOpen && !isReady(client)) await new Promise((resolve) => setTimeout(resolve, 20))
}

function assertUsable(client: NodeRedisClient, shape: Shape): void {
  const { options, _keyPrefix } = client as Readable
  if ((options?.keyPrefix ?? _keyPrefix ?? '') !== '') {
    throw new TypeError(
      "client: its setting keyPrefix changes keys: make the client without it, and use the driver's own keyPrefix",
    )
  }
  if (options?.readonly === true) {
    throw new TypeError('client: its setting readonly leads to replicas: connect to the primary')
  }
  if (shape !== 'sentinel') return
  const sentinel = sentinelOptions(client)
  if (sentinel === undefined) {
    throw new TypeError(
      'client: the settings of a Sentinel of node-redis 5 cannot be read, and by default it applies a command twice ' +
        'whose reply was lost: pass { sentinel } instead, or use node-redis 6',
    )
  }
  if (sentinel.maxCommandRediscovers !== 0) {
    throw new TypeError(
      'client: its setting maxCommandRediscovers sends a command again whose reply was lost, so it is applied twice: ' +
        'set it to 0',
    )
  }
}

/** A Sentinel keeps its options to itself, and hands them to the constructor when it is asked for a duplicate. */
function sentinelOptions(client: object): SentinelOptions | undefined {
  if (!('duplicate' in client && typeof client.duplicate === 'function')) return undefined
  let seen: SentinelOptions | undefined
  function Reader(options: SentinelOptions): void {
    seen = options
  }
  const prototype: object = Object.create(client, { constructor: { value: Reader } }) as object
  client.duplicate.call(Object.create(prototype))
  return seen
}
