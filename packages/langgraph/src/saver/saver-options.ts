import { type Durability, type KeyspaceOptions, type RetryPolicy, assertKnownOptions } from '@cairnkit/core'
import type { SerializerProtocol } from '@langchain/langgraph-checkpoint'
import type { SaverObserver } from './saver-observer.js'

const onConflictValues = ['allow', 'reject'] as const
const healingValues = ['off', 'tail', 'thread'] as const

/** Whether a run may put a checkpoint on one that is not the newest any more. */
export type OnConflict = (typeof onConflictValues)[number]

/** What is stored again after the storage has lost it. */
export type Healing = (typeof healingValues)[number]

export interface CairnSaverOptions {
  /** Turns values into bytes and back. @default LangGraph's `JsonPlusSerializer` */
  readonly serde?: SerializerProtocol
  /**
   * The most memory in which this saver keeps pieces of threads that it has read or written, in bytes. Pieces never
   * change, so none can be stale. 0 keeps none; 1 MiB remains for what threads were seen to hold, by name, so that a put
   * need not read first. @default 67108864 (64 MiB)
   */
  readonly cacheBytes?: number
  /** The total time of one storage call, retries included, in milliseconds. @default 15000 */
  readonly timeoutMs?: number
  readonly retry?: RetryPolicy
  /**
   * How many replicas must hold what is written before a call resolves. One call may ask for something else, as
   * `config.configurable.durability`; `null` there asks for nothing. Not LangGraph's own `durability`, which says when
   * a run writes. @default the primary alone
   */
  readonly durability?: Durability
  /** Hears of every storage call, of every retry, and of what was stored again. */
  readonly observer?: SaverObserver
  /**
   * What happens to a put whose parent is not the newest checkpoint of its namespace any more, because another run has
   * gone on meanwhile. `allow`: both are stored, the later one is the newest. `reject`: the put fails with
   * `ThreadConflictError`, judged within its commit. A fork on purpose is no conflict: one whose parent was named by
   * `checkpoint_id`. @default 'allow'
   */
  readonly onConflict?: OnConflict
  /**
   * What is stored again, from a bounded memory of this process, when it writes to a thread that has lost what was
   * acknowledged. `tail`: what a failover or a restart from an older file took from a thread that is still there.
   * `thread`: also a thread that is gone as a whole, unless it was deleted; give it to every process that deletes
   * threads of this storage, for a deletion must leave a trace then. `off`: nothing. @default 'tail'
   */
  readonly healing?: Healing
  /**
   * The most memory in which this saver keeps what `healing` would store again, in bytes; one thread has an eighth of it.
   * With `healing: 'off'` none is used. @default 33554432 (32 MiB)
   */
  readonly healingBytes?: number
}

export interface ResolvedSaverOptions {
  readonly cacheBytes: number
  readonly healingBytes: number
  readonly onConflict: OnConflict
  readonly healing: Healing
  readonly observer: SaverObserver | undefined
  readonly keyspace: KeyspaceOptions
}

const DEFAULT_CACHE_BYTES = 64 * 1024 * 1024
const DEFAULT_HEALING_BYTES = 32 * 1024 * 1024

const known: readonly (keyof CairnSaverOptions)[] = [
  'serde',
  'cacheBytes',
  'timeoutMs',
  'retry',
  'durability',
  'observer',
  'onConflict',
  'healing',
  'healingBytes',
]

/** The options with their defaults. Throws `TypeError` for a name that is none, and for values not of their kind. */
export function resolveSaverOptions(options: CairnSaverOptions): ResolvedSaverOptions {
  const {
    serde,
    cacheBytes = DEFAULT_CACHE_BYTES,
    onConflict = 'allow',
    healing = 'tail',
    healingBytes = DEFAULT_HEALING_BYTES,
    ...keyspace
  } = options
  assertKnownOptions('CairnSaver', options, known)
  assertByteCount('cacheBytes', cacheBytes)
  assertByteCount('healingBytes', healingBytes)
  if (
    serde !== undefined &&
    !(typeof serde.dumpsTyped === 'function' && typeof serde.loadsTyped === 'function')
  ) {
    throw new TypeError('serde must have the methods dumpsTyped and loadsTyped of SerializerProtocol')
  }
  assertOneOf('onConflict', onConflict, onConflictValues)
  assertOneOf('healing', healing, healingValues)
  return { cacheBytes, healingBytes, onConflict, healing, observer: options.observer, keyspace }
}

function assertByteCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return
  throw new TypeError(`${name} must be a whole number of bytes, 0 or more, got ${String(value)}`)
}

function assertOneOf(name: string, value: string, values: readonly string[]): void {
  if (values.includes(value)) return
  const expected = values.map((each) => JSON.stringify(each)).join(' or ')
  throw new TypeError(`${name} must be ${expected}, got ${JSON.stringify(value)}`)
}
