import type { CallOptions, ObjectId } from '@cairnkit/core'
import { type StoredCheckpoint, missingFrom, openGroups, rootsOf } from './checkpoint-reader.js'
import { checkpointsPrefix } from './keys.js'
import type { SaverContext } from './saver-context.js'

/** Which checkpoints of a namespace to read: half-open bounds on their ids, and how many of the newest in them. */
export interface CheckpointRange {
  readonly from?: string
  readonly until?: string
  readonly limit: number
}

/** How many objects a reader names as held at the most: beyond that, naming them costs more than it saves. */
const MAX_HELD = 256

/** How many checkpoints of a page are remembered: the newest are those that a run goes on from. */
const REMEMBERED = 4

/**
 * The checkpoints of a range with their pending writes, newest first, and everything that is needed to build their
 * values: one round trip, in which only what the process lacks is sent.
 */
export async function readCheckpoints(
  context: SaverContext,
  threadId: string,
  namespace: string,
  range: CheckpointRange,
  options: CallOptions,
): Promise<StoredCheckpoint[]> {
  const held = context.memory.recall(threadId)?.held(namespace) ?? []
  const known = held.filter((id) => context.cache.get(id) !== undefined)
  const warm = await readOnce(context, threadId, namespace, range, known, options)
  if (warm.isWhole || known.length === 0) return warm.checkpoints
  // The cache has dropped a part of what it was said to hold: so everything is read, from one instant again.
  return (await readOnce(context, threadId, namespace, range, [], options)).checkpoints
}

/** What to name as held when the namespace is read next: the objects at the top, which stand for all below them. */
export function heldBelow(context: SaverContext, roots: Iterable<ObjectId>): ObjectId[] {
  const held = new Set<ObjectId>()
  for (const root of roots) {
    held.add(root)
    // A list that grew is a new object over the old parts.
    for (const id of context.cache.get(root)?.refs ?? []) held.add(id)
  }
  return [...held].slice(0, MAX_HELD)
}

interface Answer {
  readonly checkpoints: StoredCheckpoint[]
  /** Whether every object that the checkpoints reach is at hand. */
  readonly isWhole: boolean
}

async function readOnce(
  context: SaverContext,
  threadId: string,
  namespace: string,
  range: CheckpointRange,
  known: readonly ObjectId[],
  options: CallOptions,
): Promise<Answer> {
  const prefix = checkpointsPrefix(namespace)
  const [result, info] = await context.threads
    .partition(threadId)
    .read([{ type: 'groups', prefix, ...range, reverse: true, follow: 'all' }, { type: 'info' }], {
      ...options,
      known,
    })
  const checkpoints = openGroups(context, threadId, namespace, result)
  const missing = checkpoints.flatMap(missingFrom)
  const [newest] = checkpoints
  if (newest === undefined || info.epoch === null || missing.length > 0) {
    return { checkpoints, isWhole: missing.length === 0 }
  }
  // What the records reach is there. What was named as held and is not reached may be another thread's by now.
  const knowledge = context.memory.learn(threadId, info.epoch, newest.view.openIds)
  for (const stored of checkpoints.slice(0, REMEMBERED).toReversed()) {
    knowledge.addCheckpoint(namespace, stored.id, stored.record)
  }
  knowledge.hold(namespace, heldBelow(context, rootsOf(newest)))
  return { checkpoints, isWhole: true }
}
