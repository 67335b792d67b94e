import { type Durability, type KeyspaceOptions, type RetryPolicy, assertKnownOptions } from '@cairnkit/core'
import type { BackgroundObserver } from '../background/background-event.js'
import type { PrunedObserver } from '../retention/pruned-event.js'
import type { StorageObserver } from '@cairnkit/core'
import type { DirectoryObserver } from './directory-event.js'
import type { Preview } from './news-of-saver.js'

/** Is told of the directory, of its storage calls, and of what failed while no call waited for it. */
export interface ThreadsObserver
  extends StorageObserver, DirectoryObserver, BackgroundObserver, PrunedObserver {}

/** The options of `CairnThreads`. Unknown names and invalid values are a `TypeError`. */
export interface CairnThreadsOptions {
  /**
   * The keys by which threads are found, besides their times: of `config.configurable` or `config.metadata` of a run, or of the
   * metadata of a thread. @default none
   */
  readonly index?: readonly string[]
  /**
   * Makes a title of the channel values of a thread, with each checkpoint of its root graph. It must be quick, and may not keep or
   * change the values. At most 1000 characters are kept. @default none
   */
  readonly preview?: Preview
  /** Into how many partitions the directory is divided. The first process decides. @default what is stored, else 16 */
  readonly shards?: number
  /** The total time of one storage call with its retries, in milliseconds. @default 15000 */
  readonly timeoutMs?: number
  /** How failed calls are repeated. @default see `RetryPolicy` */
  readonly retry?: RetryPolicy
  /** How many replicas must have a write before its call resolves. @default the primary alone */
  readonly durability?: Durability
  /** @default none */
  readonly observer?: ThreadsObserver
}

export interface ResolvedThreadsOptions {
  readonly index: readonly string[]
  readonly preview: Preview | undefined
  readonly shards: number | undefined
  readonly observer: ThreadsObserver | undefined
  readonly keyspace: KeyspaceOptions
}

const MOST_SHARDS = 1024

const known: readonly (keyof CairnThreadsOptions)[] = [
  ...(['index', 'preview', 'shards', 'timeoutMs', 'retry', 'durability', 'observer'] as const),
]

/** Fills in the defaults. Throws a `TypeError` for an unknown name or an invalid value. */
export function resolveThreadsOptions(options: CairnThreadsOptions): ResolvedThreadsOptions {
  assertKnownOptions('CairnThreads', options, known)
  const { index = [], preview, shards, ...keyspace } = options
  if (!Array.isArray(index) || !index.every((key) => typeof key === 'string' && key !== ''))
    throw new TypeError(`index must be an array of keys, such as ['user_id'], got ${String(index)}`)
  if (preview !== undefined && typeof preview !== 'function')
    throw new TypeError(`preview must be a function of the channel values, got ${typeof preview}`)
  if (shards !== undefined && !(Number.isSafeInteger(shards) && shards >= 1 && shards <= MOST_SHARDS))
    throw new TypeError(`shards must be a whole number from 1 to ${MOST_SHARDS}, got ${String(shards)}`)
  return {
    index: Object.freeze([...new Set(index as readonly string[])]),
    preview,
    shards,
    observer: options.observer,
    keyspace,
  }
}
