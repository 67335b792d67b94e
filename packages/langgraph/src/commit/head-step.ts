import { type Check, type PutMutation, type Tuple, compareTuples } from '@cairnkit/core'
import { type SeenHead, headAt } from '../knowledge/seen-head.js'
import { encodeHeadMove, moveAfter } from '../records/head-move.js'
import { checkpointsPrefix, headMovesPrefix } from '../records/keys.js'

/**
 * What a put claims of the head of its namespace.
 *
 * | claim | the put | the put that follows on it |
 * |---|---|---|
 * | `none` | is in nobody's way | claims nothing either |
 * | `head` | is a conflict unless its parent is the head | claims the head |
 * | `fork` | is beside the head on purpose | claims the head, if this put became the head; so that must be known after it |
 */
export type HeadClaim = 'none' | 'head' | 'fork'

/** A checkpoint that is put, as far as it matters for the head of its namespace. */
export interface HeadPut {
  readonly threadId: string
  readonly namespace: string
  readonly id: string
  /** `undefined`: it is to be the first one. */
  readonly parentId: string | undefined
  readonly claim: HeadClaim
  /** Whether values of it are made of the writes of its parent. */
  readonly isMadeOfParent: boolean
  /** The partition of the thread. */
  readonly partition: string
}

/** What a commit checks and stores for the head. */
export interface HeadStep {
  readonly checks: readonly Check[]
  readonly moves: readonly PutMutation[]
  /** The head after it; `undefined`: it is not known. */
  readonly after: SeenHead | undefined
}

/**
 * A checkpoint that is put on the head of its namespace becomes the head, whatever its id: ids begin with the time of the
 * machine that made them, and clocks differ. Any other one (a fork, a copy, a thread that is moved by hand) becomes the
 * head if its id is the largest.
 *
 * | the parent was seen to be | the id | step |
 * |---|---|---|
 * | the head | sorts before the largest | the head is as it was seen; a move |
 * | the head | is the largest | nothing; claimed: the head is as it was seen |
 * | not the head | sorts before its parent or the largest | look |
 * | not the head | is the largest | nothing; claimed: the parent is the newest |
 * | nothing was seen | sorts before its parent | look |
 * | nothing was seen | is larger than its parent | one of them is the newest |
 * | nothing was seen, and it has none | any | claimed: it is the first one; a fork: look |
 *
 * `isFresh`: the head was read for this. Then nothing is left to look at, and a parent that is not the head is none.
 */
export function headStep(put: HeadPut, seen: SeenHead | undefined, isFresh: boolean): HeadStep | 'look' {
  const { id, parentId, claim } = put
  const isClaimed = claim === 'head'
  const after = headAt(id)
  if (seen !== undefined && seen.headId === parentId) return stepOnHead(put, seen)
  const isBehind = sortsBefore(id, parentId) || sortsBefore(id, seen?.largestId)
  if (seen !== undefined && !isClaimed) {
    if (isFresh) return { checks: [], moves: [], after: sortsBefore(id, seen.largestId) ? seen : after }
    return isBehind ? 'look' : { checks: [], moves: [], after }
  }
  if (isBehind) return 'look'
  if (parentId === undefined) return firstUnseen(put)
  const newest = newestIs(put, parentId, id)
  return { checks: isClaimed ? [newest, noMoveFrom(put, parentId)] : [newest], moves: [], after }
}

/** A checkpoint without a parent, in a namespace of which nothing was seen. */
function firstUnseen(put: HeadPut): HeadStep | 'look' {
  const { claim, id } = put
  switch (claim) {
    case 'none':
      return { checks: [], moves: [], after: undefined }
    case 'head':
      return { checks: [newestIs(put, null, id)], moves: [], after: headAt(id) }
    case 'fork':
      return 'look'
  }
}

function stepOnHead(put: HeadPut, seen: SeenHead): HeadStep {
  const { id, namespace, partition } = put
  const isClaimed = put.claim === 'head'
  const { largestId, move } = seen
  if (largestId === undefined) {
    return { checks: isClaimed ? [newestIs(put, null, id)] : [], moves: [], after: headAt(id) }
  }
  const prefix = headMovesPrefix(namespace, largestId)
  if (!sortsBefore(id, largestId)) {
    const asSeen = [newestIs(put, largestId, id), lastMoveIs(prefix, move?.element ?? null)]
    return { checks: isClaimed ? asSeen : [], moves: [], after: headAt(id) }
  }
  const next = moveAfter(move, id)
  return {
    // Each of them holds a second time as well, when the commit was applied and its reply was lost.
    checks: [newestIs(put, largestId), lastMoveIs(prefix, move?.element ?? null, next.element)],
    moves: [{ type: 'put', key: [...prefix, next.element], ...encodeHeadMove(partition) }],
    after: { headId: id, largestId, move: next },
  }
}

/** The check that one of these is the checkpoint with the largest id; `null`: or that there is none. */
export function newestIs({ namespace }: Pick<HeadPut, 'namespace'>, ...ids: (string | null)[]): Check {
  return { type: 'head', prefix: checkpointsPrefix(namespace), elements: ids }
}

/** The check that one of these is the last move of a group; `null`: or that there is none. */
export function lastMoveIs(prefix: Tuple, ...elements: (string | null)[]): Check {
  return { type: 'head', prefix, elements }
}

function noMoveFrom({ namespace }: HeadPut, checkpointId: string): Check {
  return lastMoveIs(headMovesPrefix(namespace, checkpointId), null)
}

/** Whether an id stands before another one in the order of the storage. */
export function sortsBefore(id: string, other: string | undefined): boolean {
  return other !== undefined && compareTuples([id], [other]) < 0
}
