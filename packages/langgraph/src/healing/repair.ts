import type { FailedAttempt } from '../commit/healing.js'

/** What a repair is decided by. */
export interface RepairFacts {
  readonly reason: FailedAttempt['reason']
  readonly mode: 'tail' | 'thread'
  /** Whether another call of this process is storing the thread again, or has done so since the attempt was made. */
  readonly isHealed: boolean
  /** Whether something of the thread is kept. */
  readonly isKept: boolean
  /** Whether what is kept is of the thread that was found. */
  readonly isOfFound: boolean
  /** Whether a deletion since the last acknowledgement would have been seen. */
  readonly isYoung: boolean
  /** Whether the thread was gone, and nobody had deleted it. */
  readonly wasGone: boolean
}

export type RepairDecision =
  /** Rely on what another call has stored. */
  | 'go on'
  /** Look what of the tail is missing, and store it again. */
  | 'restore tail'
  | 'restore thread'
  /** What is kept is of a thread that is no more. */
  | 'forget'
  | 'send all'

/**
 * | reason | further | decision |
 * |---|---|---|
 * | any | another call heals | go on |
 * | `lost` | something is kept | restore tail |
 * | `lost` | nothing is kept | send all |
 * | `epoch` | `thread`, kept, young, gone | restore thread |
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
      return facts.mode === 'thread' && facts.isKept && facts.isYoung && facts.wasGone
        ? 'restore thread'
        : 'forget'
    case 'restoration':
      // Another one than it was a moment ago: what that lost is not to be stored in this one.
      return facts.isOfFound ? 'send all' : 'forget'
  }
}
