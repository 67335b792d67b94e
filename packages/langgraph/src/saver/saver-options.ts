import { type Durability, type KeyspaceOptions, type RetryPolicy, assertKnownOptions } from '@cairnkit/core'
import type { SerializerProtocol } from '@langchain/langgraph-checkpoint'
import { type ExpiryOptions, type ResolvedExpiry, resolveExpiry } from '../expiry/expiry-options.js'
import { type RetentionOptions, resolveRetention } from '../retention/retention-options.js'
import type { ThreadNews } from '../threads/thread-news.js'
import type { ThreadOperations } from '../threads/thread-operations.js'
import type { SaverObserver } from './saver-observer.js'

const onConflictValues = ['allow', 'reject'] as const
const healingValues = ['off', 'tail', 'thread'] as const

/** What happens to a put on a checkpoint that is no longer the head; see {@link CairnSaverOptions.onConflict}. */
export type OnConflict = (typeof onConflictValues)[number]

/** What is stored again after the storage has lost it; see {@link CairnSaverOptions.healing}. */
export type Healing = (typeof healingValues)[number]

/** The options of a `CairnSaver`. Unknown names and invalid values are a `TypeError`. */
export interface CairnSaverOptions {
  /** Serializes values. @default LangGraph's `JsonPlusSerializer` */
  readonly serde?: SerializerProtocol
  /**
   * The memory limit of the cache of objects that this saver has read or written, in bytes. Objects never change, so the
   * cache is never stale. With 0, only 1 MiB is kept for the names of what threads hold, so that a put need not read first.
   * @default 67108864 (64 MiB)
   */
  readonly cacheBytes?: number
  /**
   * The total time of one storage call with its retries, in milliseconds. A call that takes longer fails with code
   * `timeout` or the code of its last failure. @default 15000
   */
  readonly timeoutMs?: number
  /** How failed calls are repeated. @default see `RetryPolicy` */
  readonly retry?: RetryPolicy
  /**
   * How many replicas must have a write before its call resolves. `config.configurable.durability` replaces it for one call;
   * `null` there asks for no replicas. This is not LangGraph's own `durability`, which says when a run writes.
   * @default the primary alone
   */
  readonly durability?: Durability
  /**
   * Is told of every storage call, every retry, what healing stored again, which values cannot be read, and what failed in the
   * background. @default none
   */
  readonly observer?: SaverObserver
  /**
   * What happens to a put whose parent is no longer the head of its namespace, because another run has continued meanwhile.
   * `allow`: both checkpoints are stored, and the one with the larger id is the newest. `reject`: the put fails with
   * `ThreadConflictError`; the check is part of the commit. A fork on purpose, whose parent was named by `checkpoint_id`, is
   * not a conflict. @default 'allow'
   */
  readonly onConflict?: OnConflict
  /**
   * What this process stores again, from a bounded buffer, when it writes to a thread that has lost acknowledged data. `tail`:
   * what a failover or a restart from an older file took from a thread that still exists. `thread`: also a thread that is gone
   * as a whole, unless it was deleted. Give `thread` to every process that deletes threads of this storage, because a deletion
   * must leave a trace then. `off`: nothing. @default 'tail'
   */
  readonly healing?: Healing
  /**
   * The memory limit of the buffer for `healing`, in bytes. One thread gets at most an eighth of it. With `healing: 'off'`
   * there is no buffer. @default 33554432 (32 MiB)
   */
  readonly healingBytes?: number
  /**
   * When threads end, each as a whole. Without it, a thread with a time of its own (`config.configurable.ttl_ms`) ends. @default
   * threads do not end
   */
  readonly expiry?: ExpiryOptions
  /**
   * Which checkpoints of a thread stay. The others are removed beside the puts of this saver, at most 1,000 at a time.
   * @default all stay
   */
  readonly retention?: RetentionOptions
  /**
   * The directory of threads that is told of what happens, a `CairnThreads` of the same driver. It is written beside the runs.
   * @default none: threads are not listed
   */
  readonly threads?: ThreadDirectory
}

/** A directory that a saver tells of its threads, and that does with its means what is asked of it. */
export interface ThreadDirectory extends ThreadNews {
  useOperations(operations: ThreadOperations): void
}

export interface ResolvedSaverOptions {
  readonly cacheBytes: number
  readonly healingBytes: number
  readonly onConflict: OnConflict
  readonly healing: Healing
  readonly observer: SaverObserver | undefined
  readonly expiry: ResolvedExpiry | undefined
  readonly retention: RetentionOptions | undefined
  readonly threads: ThreadDirectory | undefined
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
  'expiry',
  'retention',
  'threads',
]

const heard: Readonly<Record<keyof SaverObserver, true>> = {
  onCall: true,
  onRetry: true,
  onUnderReplicated: true,
  onWarning: true,
  onHealed: true,
  onUnreadable: true,
  onBackgroundFailure: true,
  onPruned: true,
}

/** Fills in the defaults. Throws a `TypeError` for an unknown name or an invalid value. */
export function resolveSaverOptions(options: CairnSaverOptions): ResolvedSaverOptions {
  const {
    serde,
    cacheBytes = DEFAULT_CACHE_BYTES,
    onConflict = 'allow',
    healing = 'tail',
    healingBytes = DEFAULT_HEALING_BYTES,
    expiry,
    retention,
    threads,
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
  if (options.observer !== undefined) assertHeard(options.observer)
  if (threads !== undefined && typeof threads.stored !== 'function')
    throw new TypeError('threads must be a CairnThreads')
  assertOneOf('onConflict', onConflict, onConflictValues)
  assertOneOf('healing', healing, healingValues)
  return {
    cacheBytes,
    healingBytes,
    onConflict,
    healing,
    observer: options.observer,
    expiry: expiry && resolveExpiry(expiry),
    retention: retention && resolveRetention(retention),
    threads,
    keyspace,
  }
}

/** An observer may have fields of its own, and no method that nobody would call. */
function assertHeard(observer: SaverObserver): void {
  const methods = Object.keys(observer).filter((name) => /^on[A-Z]/.test(name))
  assertKnownOptions('observer', Object.fromEntries(methods.map((name) => [name, true])), Object.keys(heard))
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
