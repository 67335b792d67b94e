import { assertKnownOptions, assertMs } from '@cairnkit/core'

/** The options of `CairnSaver.withThread`. */
export interface WithThreadOptions {
  /**
   * How long the lease lives after it was last renewed, in milliseconds, at least 100. It is renewed every third of this time.
   * If a process dies with the lease or in the queue, the others wait at most this long for it. @default 30000
   */
  readonly ttlMs?: number
  /**
   * How long to wait for the lease, in milliseconds. 0 asks once, and `Infinity` waits without a limit. After this time
   * `withThread` throws `LeaseTimeoutError`. @default 60000
   */
  readonly waitMs?: number
  /** Ends the wait with its reason. It does not stop `fn`. @default none */
  readonly signal?: AbortSignal
}

/** The lease that `withThread` passes to `fn`. */
export interface ThreadLease {
  readonly threadId: string
  /** A random text that no other lease has. */
  readonly token: string
  /** Fires when the lease is lost. From then on, `fn` can store nothing in the thread. */
  readonly signal: AbortSignal
}

export interface ResolvedLeaseOptions {
  readonly ttlMs: number
  readonly waitMs: number
  readonly signal: AbortSignal | undefined
}

const known: readonly (keyof WithThreadOptions)[] = ['ttlMs', 'waitMs', 'signal']

const MIN_TTL_MS = 100

/** Fills in the defaults. Throws a `TypeError` for an unknown name or an invalid value. */
export function resolveLeaseOptions(options: WithThreadOptions): ResolvedLeaseOptions {
  assertKnownOptions('withThread', options, known)
  const { ttlMs = 30_000, waitMs = 60_000, signal } = options
  assertMs('ttlMs', ttlMs, { least: MIN_TTL_MS })
  if (typeof waitMs !== 'number' || !(waitMs >= 0)) {
    throw new TypeError(`waitMs must be a number of milliseconds, 0 or more, got ${String(waitMs)}`)
  }
  return { ttlMs, waitMs, signal }
}
