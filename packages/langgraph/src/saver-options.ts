import type { Durability, KeyspaceOptions, RetryPolicy, StorageObserver } from '@cairnkit/core'
import type { SerializerProtocol } from '@langchain/langgraph-checkpoint'

export interface CairnSaverOptions {
  /** Turns values into bytes and back. @default LangGraph's `JsonPlusSerializer` */
  readonly serde?: SerializerProtocol
  /**
   * The most memory that this saver uses to keep what it has read or written of late, in bytes, by estimate. Only
   * immutable objects are kept, so nothing in it can be stale. 0 keeps nothing. @default 67108864 (64 MiB)
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
  /** Hears of every storage call and every retry. */
  readonly observer?: StorageObserver
}

export interface ResolvedSaverOptions {
  readonly cacheBytes: number
  readonly keyspace: KeyspaceOptions
}

const DEFAULT_CACHE_BYTES = 64 * 1024 * 1024

const known: ReadonlySet<string> = new Set<keyof CairnSaverOptions>([
  'serde',
  'cacheBytes',
  'timeoutMs',
  'retry',
  'durability',
  'observer',
])

/** The options with their defaults. Throws `TypeError` for a name that is none, and for values not of their kind. */
export function resolveSaverOptions(options: CairnSaverOptions): ResolvedSaverOptions {
  const { serde, cacheBytes = DEFAULT_CACHE_BYTES, ...keyspace } = options
  const unknown = Object.keys(options).find((name) => !known.has(name))
  if (unknown !== undefined) {
    throw new TypeError(
      `CairnSaver has no option ${JSON.stringify(unknown)}; it has ${[...known].join(', ')}`,
    )
  }
  if (!Number.isSafeInteger(cacheBytes) || cacheBytes < 0) {
    throw new TypeError(`cacheBytes must be a whole number of bytes, 0 or more, got ${String(cacheBytes)}`)
  }
  if (
    serde !== undefined &&
    !(typeof serde.dumpsTyped === 'function' && typeof serde.loadsTyped === 'function')
  ) {
    throw new TypeError('serde must have the methods dumpsTyped and loadsTyped of SerializerProtocol')
  }
  return { cacheBytes, keyspace }
}
