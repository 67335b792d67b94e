import { assertKnownOptions } from '@cairnkit/core'
import { assertTtlMs } from './ttl.js'

const refreshValues = ['write', 'read', 'never'] as const

/** What begins the life of a thread anew; see {@link ExpiryOptions.refresh}. */
export type ExpiryRefresh = (typeof refreshValues)[number]

/** When threads end. Give all savers of a storage the same. */
export interface ExpiryOptions {
  /**
   * How long a thread lives, in whole milliseconds by the clock of the storage. It ends as a whole: checkpoints of all
   * namespaces, pending writes, objects. A thread with a time of its own (`config.configurable.ttl_ms`) has that one, and a
   * pinned thread does not end.
   */
  readonly ttlMs: number
  /**
   * What begins that time anew. `write`: each write of the thread. `read`: also a read of it, if a tenth of the time has
   * passed; nobody waits for that. `never`: nothing, so a thread ends at its time after its first write. @default 'write'
   */
  readonly refresh?: ExpiryRefresh
  /**
   * Whether a thread does not end while an interrupt waits for an answer; the next checkpoint of its root graph begins the time
   * anew. @default false: it ends, and the answer finds no thread
   */
  readonly pinWhileInterrupted?: boolean
}

export type ResolvedExpiry = Required<ExpiryOptions>

const known: readonly (keyof ExpiryOptions)[] = ['ttlMs', 'refresh', 'pinWhileInterrupted']

/** Fills in the defaults. Throws a `TypeError` for an unknown name or an invalid value. */
export function resolveExpiry(options: ExpiryOptions): ResolvedExpiry {
  assertKnownOptions('expiry', options, known)
  const { ttlMs, refresh = 'write', pinWhileInterrupted = false } = options
  assertTtlMs('expiry.ttlMs', ttlMs)
  if (!refreshValues.includes(refresh)) {
    const expected = refreshValues.map((each) => JSON.stringify(each)).join(' or ')
    throw new TypeError(`expiry.refresh must be ${expected}, got ${JSON.stringify(refresh)}`)
  }
  if (typeof pinWhileInterrupted !== 'boolean') {
    throw new TypeError(
      `expiry.pinWhileInterrupted must be true or false, got ${String(pinWhileInterrupted)}`,
    )
  }
  return Object.freeze({ ttlMs, refresh, pinWhileInterrupted })
}
