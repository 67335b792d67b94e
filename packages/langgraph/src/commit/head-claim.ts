import type { Check } from '@cairnkit/core'
import { checkpointKey, checkpointsPrefix } from '../records/keys.js'
import { ThreadConflictError } from '../thread-errors.js'
import type { ThreadPartition } from './thread-partition.js'

/** That a checkpoint is put on the newest one of its namespace. */
export interface HeadClaim {
  readonly threadId: string
  readonly namespace: string
  readonly id: string
  /** `undefined`: there is to be no checkpoint yet. */
  readonly parentId: string | undefined
}

/** Holds a second time as well, when the put was applied and its reply was lost. */
export function claimCheck(claim: HeadClaim): Check {
  return headCheck(claim)
}

/** The check with other heads that count as the claim's own parent does. */
export function headCheck(claim: HeadClaim, ...heads: readonly (string | null)[]): Check {
  const elements = [claim.parentId ?? null, claim.id, ...heads]
  return { type: 'head', prefix: checkpointsPrefix(claim.namespace), elements }
}

/**
 * What a failed claim comes to. A checkpoint that is stored already may be stored again, whatever was built on it since:
 * then the check to make instead. Throws `ThreadConflictError` otherwise.
 */
export async function judgeClaim(claim: HeadClaim, thread: ThreadPartition): Promise<Check> {
  const key = checkpointKey(claim.namespace, claim.id)
  const [own, newest] = await thread.read([
    { type: 'get', key },
    { type: 'groups', prefix: checkpointsPrefix(claim.namespace), limit: 1, reverse: true },
  ])
  if (own.record !== undefined) return { type: 'present', key }
  const head = newest.groups[0]?.element
  // It was another one a moment ago, and is the right one now: a deleted thread came back, for example.
  if (head === claim.parentId) return claimCheck(claim)
  throw conflict(claim, head)
}

export function conflict(claim: HeadClaim, head: string | undefined): ThreadConflictError {
  return new ThreadConflictError(claim.threadId, claim.namespace, { expected: claim.parentId, actual: head })
}
