import { type BorrowedClient, assertLibrary } from '@cairnkit/redis-kernel'
import { call, greet, withNumbers } from './calls.js'
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
  readonly redisOptions?: { readonly keyPrefix?: string | Buffer; readonly stringNumbers?: boolean }
}

/** What a cluster has beyond a client. */
interface ClusterLike {
  nodes(role: 'master'): Pick<IoredisClient, 'callBuffer'>[]
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
  const numbers =
    (options.stringNumbers ?? options.redisOptions?.stringNumbers) === true ? withNumbers : undefined
  const send: BorrowedClient<IoredisClient>['send'] = async (caller, _key, command) => {
    const reply = await call(caller, command)
    return numbers === undefined ? reply : numbers(reply)
  }
  return {
    target: 'the client that was passed',
    listen: (borrowed, log) => {
      borrowed.on('error', log.note)
      return () => borrowed.off('error', log.note)
    },
    prepare: async (borrowed) => {
      if (borrowed.status === 'end') throw new Error('it was closed by its owner')
      if (borrowed.status === 'wait') await borrowed.connect()
      else await ready(borrowed)
      await greet(borrowed)
    },
    isReady: (borrowed) => borrowed.status === 'ready',
    send,
    primaries: (borrowed) => {
      const nodes = borrowed.isCluster ? (borrowed as unknown as ClusterLike).nodes('master') : [borrowed]
      return nodes.map((node) => ({
        send: (command) => send(node as IoredisClient, new Uint8Array(), command),
      }))
    },
  }
}

/** ioredis tells by an event only; waiting ends with the deadline of the caller. */
async function ready(client: IoredisClient): Promise<void> {
  while (client.status !== 'ready') {
    if (client.status === 'end') throw new Error('it was closed by its owner')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function assertUsable(isCluster: boolean, options: ReadableOptions): void {
  const refuse = (setting: string, why: string, advice: string): never => {
    throw new TypeError(`client: its setting ${setting} ${why}: ${advice}`)
  }
  const prefix = options.keyPrefix ?? options.redisOptions?.keyPrefix ?? ''
  if (prefix.length > 0) {
    refuse('keyPrefix', 'changes keys', "make the client without it, and use the driver's own keyPrefix")
  }
  if (options.enableAutoPipelining === true) {
    refuse('enableAutoPipelining', 'answers null for existing keys while a slot moves', 'set it to false')
  }
  if (isCluster) {
    if (options.retryDelayOnFailover !== 0) {
      refuse(
        'retryDelayOnFailover',
        'sends a command again whose reply was lost, so it is applied twice',
        'set it to 0',
      )
    }
    if (options.scaleReads !== 'master') {
      refuse('scaleReads', 'reads from replicas, which lag behind', "set it to 'master'")
    }
    return
  }
  if (options.autoResendUnfulfilledCommands !== false) {
    refuse(
      'autoResendUnfulfilledCommands',
      'sends a command again whose reply was lost, so it is applied twice',
      'set it to false, and maxRetriesPerRequest to 0',
    )
  }
  if (options.maxRetriesPerRequest !== 0) {
    refuse('maxRetriesPerRequest', 'leaves a command without an end whose reply was lost', 'set it to 0')
  }
  if (options.role === 'slave' || options.readOnly === true) {
    refuse(options.role === 'slave' ? 'role' : 'readOnly', 'leads to a replica', 'connect to the primary')
  }
}
