import type { StoredRecord } from '@cairnkit/core'
import { NO_HEAD, type SeenHead } from '../knowledge/seen-head.js'
import { lastMoveOf } from '../records/head-move.js'
import { checkpointKey, checkpointsPrefix } from '../records/keys.js'
import type { StoredPlace } from '../records/stored-data-error.js'
import { ThreadConflictError } from '../thread-errors.js'
import { type HeadPut, type HeadStep, headStep } from './head-step.js'
import type { ThreadPartition } from './thread-partition.js'

/**
 * The step of a put after a look at the head: one read. Throws `ThreadConflictError` for a claim that does not hold.
 *
 * A checkpoint that is stored already may be stored again, whatever was put on it since.
 */
export async function judgeHead(
  put: HeadPut,
  thread: ThreadPartition,
  place: StoredPlace,
): Promise<HeadStep> {
  const { namespace, id, parentId } = put
  const isClaimed = put.claim === 'head'
  const key = checkpointKey(namespace, id)
  const [own, newest] = await thread.read([
    { type: 'get', key },
    { type: 'groups', prefix: checkpointsPrefix(namespace), limit: 1, reverse: true },
  ])
  const seen = headOf(newest.groups[0], place)
  if (own.record !== undefined) {
    return { checks: isClaimed ? [{ type: 'present', key }] : [], moves: [], after: seen }
  }
  // It was another one a moment ago, and may be the right one now: a deleted thread came back, for example.
  if (isClaimed && seen.headId !== parentId) throw conflict(put, seen.headId)
  const step = headStep(put, seen, true)
  if (step === 'look') throw new Error('A head that was just looked at needs another look')
  return step
}

/** The head, from the group of the checkpoint with the largest id. */
export function headOf(
  group: { readonly element: string; readonly members: readonly StoredRecord[] } | undefined,
  place: StoredPlace,
): SeenHead {
  if (group === undefined) return NO_HEAD
  const move = lastMoveOf(group.members, place)
  return { headId: move?.headId ?? group.element, largestId: group.element, move }
}

export function conflict(
  { threadId, namespace, parentId }: Pick<HeadPut, 'threadId' | 'namespace' | 'parentId'>,
  actual: string | undefined,
): ThreadConflictError {
  return new ThreadConflictError(threadId, namespace, { expected: parentId, actual })
}
