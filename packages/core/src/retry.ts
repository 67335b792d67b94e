import type { Clock } from './clock.js'
import type { Classification } from './storage-error.js'

/**
 * How often a failed call is repeated, and how long it waits in between. A wait is a random part of a bound that doubles with
 * each attempt. The call's `timeoutMs` limits the total time.
 */
export interface RetryPolicy {
  /** The bound of the first wait, in milliseconds. @default 20 */
  readonly baseDelayMs?: number
  /** The largest bound, in milliseconds. @default 1000 */
  readonly maxDelayMs?: number
  /**
   * The largest bound after an attempt that was certainly not applied, in milliseconds. Such an attempt (without a connection,
   * or refused by a server that starts or fails over) costs almost nothing, and the next one should come soon after the cause
   * has passed. @default 200
   */
  readonly maxTransientDelayMs?: number
  /** How many attempts to make; 1 switches retries off. @default unlimited within the time of the call */
  readonly maxAttempts?: number
}

export interface RetryRun<T> {
  readonly attempt: (timeLeftMs: number) => Promise<T>
  readonly classify: (cause: unknown) => Classification
  /** Whether an attempt whose effect is unknown may be made again. */
  readonly repeatable: boolean
  readonly policy: Required<RetryPolicy>
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
  readonly onRetry: (attempt: number, classification: Classification, delayMs: number) => void
}

export type RetryOutcome<T> =
  | {
      readonly ok: true
      readonly value: T
      readonly attempts: number
      /** Whether an earlier attempt had an unknown effect: `value` tells of the last one alone. */
      readonly ambiguous: boolean
    }
  | {
      readonly ok: false
      readonly cause: unknown
      readonly classification: Classification
      readonly attempts: number
    }

/** An attempt with less time than this could make "surely not applied" into "unknown" by not being answered in time. */
const ROOM_MS = 100

/**
 * Runs attempts until one succeeds, one fails for good, or the time is up. The first attempt starts synchronously.
 *
 * Waits are exponential with full jitter: uniform in [0, bound), so that clients that failed together do not come back
 * together.
 */
export async function runWithRetry<T>(run: RetryRun<T>): Promise<RetryOutcome<T>> {
  const startedAt = run.clock.now()
  const roomMs = Math.min(ROOM_MS, run.timeoutMs / 5)
  // Once an attempt had an unknown effect, the call as a whole has one, whatever later attempts say.
  let ambiguous = false
  for (let attempts = 1; ; attempts++) {
    try {
      const value = await run.attempt(run.timeoutMs - (run.clock.now() - startedAt))
      return { ok: true, value, attempts, ambiguous }
    } catch (cause) {
      const classification = run.classify(cause)
      ambiguous ||= classification.disposition === 'ambiguous'
      const timeLeftMs = run.timeoutMs - (run.clock.now() - startedAt) - roomMs
      // Not past the last moment at which an attempt makes sense: what comes back just in time is still found.
      const delayMs = Math.min(run.random() * boundOf(run.policy, classification, attempts), timeLeftMs)
      const mayRepeat =
        classification.disposition === 'transient' ||
        (classification.disposition === 'ambiguous' && run.repeatable)
      if (
        !mayRepeat ||
        attempts >= run.policy.maxAttempts ||
        timeLeftMs < 1 ||
        run.signal?.aborted === true
      ) {
        const disposition = ambiguous ? 'ambiguous' : classification.disposition
        return { ok: false, cause, classification: { ...meaningOf(classification), disposition }, attempts }
      }
      run.onRetry(attempts, classification, delayMs)
      // A wait that is aborted ends in the next attempt, which meets the same signal and reports it.
      await run.clock.sleep(delayMs, run.signal).catch((failure: unknown) => {
        if (run.signal?.aborted !== true) throw failure
      })
    }
  }
}

function boundOf(policy: Required<RetryPolicy>, { disposition }: Classification, attempts: number): number {
  const doubled = policy.baseDelayMs * 2 ** Math.min(attempts - 1, 30)
  const ofKind = disposition === 'transient' ? policy.maxTransientDelayMs : policy.maxDelayMs
  return Math.min(doubled, ofKind, policy.maxDelayMs)
}

/** Of what may be a whole error, the part that is a classification. */
function meaningOf({ code, disposition, advice }: Classification): Classification {
  return { code, disposition, ...(advice === undefined ? {} : { advice }) }
}
