import type { Check } from '@cairnkit/core'

/**
 * Why a check is made, and so what its failure means. In this order: each one makes those behind it meaningless.
 *
 * | reason | what failed |
 * |---|---|
 * | `lease` | the fence of the lease is not in the thread |
 * | `restoration` | what must hold for the thread to be stored again |
 * | `epoch` | the thread is another one than the one that was seen |
 * | `lost` | a record that was acknowledged, or an object that was seen, is not there |
 * | `parent` | the parent, of whose writes the values of the checkpoint are made, is not there |
 * | `head` | the head of the namespace is not the one that was seen |
 */
export type Reason = 'lease' | 'restoration' | 'epoch' | 'lost' | 'parent' | 'head'

export interface Guard {
  readonly reason: Reason
  readonly check: Check
}

/** The reason of the first guard that failed. A driver that names none has lost something. */
export function firstReason(guards: readonly Guard[], failedChecks: readonly number[]): Reason {
  const [first] = failedChecks
  return (first === undefined ? undefined : guards[first]?.reason) ?? 'lost'
}
