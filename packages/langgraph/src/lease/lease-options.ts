import { assertKnownOptions, assertMs } from '@cairnkit/core'

export interface WithThreadOptions {
  /**
   * How long the lease lives without being renewed, in milliseconds; it is renewed three times as often. So long others
   * wait at the most for a process that died, whether it had the lease or stood in the queue. From 100. @default 30000
   */
  readonly ttlMs?: number
  /**
   * How long to wait for the lease, in milliseconds; 0 does not wait, `Infinity` has no end. @default 60000
   */
  readonly waitMs?: number
  /** Ends the wait. What runs is not stopped by it. */
  readonly signal?: AbortSignal
}

/** What `fn` of `withThread` is given. */
export interface ThreadLease {
  readonly threadId: string
  /** Unlike that of any other lease. */
  readonly token: string
  /** Fires when the lease is lost: what `fn` does from then on cannot be stored in the thread. */
  readonly signal: AbortSignal
}

export interface ResolvedLeaseOptions {
  readonly ttlMs: number
  readonly waitMs: number
  readonly signal: AbortSignal | undefined
}

const known: readonly (keyof WithThreadOptions)[] = ['ttlMs', 'waitMs', 'signal']

const MIN_TTL_MS = 100

/** Throws `TypeError` for a name that is none, and for values that are not of their kind. */
export function resolveLeaseOptions(options: WithThreadOptions): ResolvedLeaseOptions {
  assertKnownOptions('withThread', options, known)
  const { ttlMs = 30_000, waitMs = 60_000, signal } = options
  assertMs('ttlMs', ttlMs, { least: MIN_TTL_MS })
  if (typeof waitMs !== 'number' || !(waitMs >= 0)) {
    throw new TypeError(`waitMs must be a number of milliseconds, 0 or more, got ${String(waitMs)}`)
  }
  return { ttlMs, waitMs, signal }
}
