import type { FailedAttempt } from '../commit/healing.js'

/** The facts that decide how a thread is repaired. */
export interface RepairFacts {
  readonly reason: FailedAttempt['reason']
  readonly mode: 'tail' | 'thread'
  /** Whether another call of this process is storing the thread again, or has done so since the attempt was made. */
  readonly isHealed: boolean
  /** Whether this process keeps data of the thread. */
  readonly isKept: boolean
  /** Whether the kept data is of the thread that was found, by its epoch. */
  readonly isOfFound: boolean
  /** Whether the last acknowledgement is so young that a deletion since then would be visible. */
  readonly isYoung: boolean
  /** Whether the thread may have come to its end: then it is not lost. */
  readonly mayHaveExpired: boolean
  /** Whether the thread was gone, and nobody had deleted it. */
  readonly wasGone: boolean
}

export type RepairDecision =
  /** Rely on what another call has stored. */
  | 'go on'
  /** Find out what is missing of the tail, and store it again. */
  | 'restore tail'
  | 'restore thread'
  /** The kept data is of a thread that no longer exists. */
  | 'forget'
  | 'send all'

/**
 * | reason | further | decision |
 * |---|---|---|
 * | any | another call heals | go on |
 * | `lost` | something is kept | restore tail |
 * | `lost` | nothing is kept | send all |
 * | `epoch` | `thread`, kept, young, not expired, gone | restore thread |
 * | `epoch` | anything else | forget |
 * | `restoration` | kept of the thread that was found | send all |
 * | `restoration` | anything else | forget |
 */
export function decideRepair(facts: RepairFacts): RepairDecision {
  if (facts.isHealed) return 'go on'
  switch (facts.reason) {
    case 'lost':
      return facts.isKept ? 'restore tail' : 'send all'
    case 'epoch':
      return facts.mode === 'thread' &&
        facts.isKept &&
        facts.isYoung &&
        !facts.mayHaveExpired &&
        facts.wasGone
        ? 'restore thread'
        : 'forget'
    case 'restoration':
      // The thread is another one than a moment ago, and must not get what that one lost.
      return facts.isOfFound ? 'send all' : 'forget'
  }
}
