import { compareTuples } from '@cairnkit/core'
import { ancestorsFor } from './ancestors.js'
import type { CheckpointOutline, NamespaceOutline, ThreadOutline } from './outline.js'

/** Which checkpoints of the root graph go. The head never does. */
export type KeepRule = (root: CheckpointOutline, place: RootPlace) => boolean

/** How a checkpoint of the root graph stands among the others. */
export interface RootPlace {
  /** 0 is the newest. */
  readonly rank: number
  /** By the newest of its own time and those of its ancestors: a clock that is behind makes nothing older. */
  readonly timeMs: number
}

/** What goes of a namespace. */
export interface DroppedCheckpoints {
  readonly namespace: string
  readonly ids: readonly string[]
}

/**
 * What goes of a thread, if `keeps` says which checkpoints of the root graph are to stay.
 *
 * | stays | because |
 * |---|---|
 * | the head of the root graph, and what `keeps` names | |
 * | the checkpoint with the largest id of a namespace, if another one is the head | its group says so |
 * | in another namespace, the newest checkpoint that was made in each root checkpoint that stays | the run goes on from it |
 * | the head of a namespace without a task id: a stateful subgraph | its next run goes on from it |
 * | the head of the namespace of a task, if its root checkpoint is not stored and newer than all | it is under way |
 * | the head of a namespace whose checkpoints name no root checkpoint | nothing says that it is of no use |
 * | for a delta channel, the ancestors back to one that has its value | the value is made of their writes |
 * | the parent of a checkpoint of format 3 or before | its pending writes hold the sends |
 *
 * Pending writes stay and go with their checkpoint. Those that came before their checkpoint stay unless an older one stays.
 */
export function droppedFrom(outline: ThreadOutline, keeps: KeepRule): DroppedCheckpoints[] {
  const root = outline.namespaces.find(({ namespace }) => namespace === '')
  const keptRoots = root === undefined ? undefined : keptOfRoot(root, keeps)
  return outline.namespaces.flatMap((each) => {
    const kept = each === root ? (keptRoots ?? new Set()) : keptOfOther(each, root, keptRoots)
    return dropOthers(each, withAncestors(each, kept))
  })
}

function keptOfRoot(root: NamespaceOutline, keeps: KeepRule): Set<string> {
  const times = timesOf(root)
  const ranked = root.checkpoints.toSorted((left, right) => {
    const difference = (times.get(right.id) ?? 0) - (times.get(left.id) ?? 0)
    return difference === 0 ? (left.id < right.id ? 1 : -1) : difference
  })
  const kept = new Set([root.headId])
  // The head is the newest, whatever the clocks say.
  let rank = 1
  for (const checkpoint of ranked) {
    if (checkpoint.id === root.headId) continue
    const place = { rank: rank++, timeMs: times.get(checkpoint.id) ?? 0 }
    if (keeps(checkpoint, place)) kept.add(checkpoint.id)
  }
  return kept
}

/** The time of each checkpoint: never before that of its parent. */
function timesOf({ checkpoints }: NamespaceOutline): ReadonlyMap<string, number> {
  const byId = new Map(checkpoints.map((checkpoint) => [checkpoint.id, checkpoint]))
  const times = new Map<string, number>()
  for (const checkpoint of checkpoints) {
    const line: CheckpointOutline[] = []
    let next: CheckpointOutline | undefined = checkpoint
    while (next !== undefined && !times.has(next.id) && !line.includes(next)) {
      line.push(next)
      next = next.parentId === undefined ? undefined : byId.get(next.parentId)
    }
    let timeMs = (next && times.get(next.id)) ?? Number.NEGATIVE_INFINITY
    for (const each of line.toReversed()) {
      timeMs = Math.max(timeMs, each.timeMs)
      times.set(each.id, timeMs)
    }
  }
  return times
}

/** `keptRoots` is `undefined` where there is no root graph: each namespace is for itself then. */
function keptOfOther(
  each: NamespaceOutline,
  root: NamespaceOutline | undefined,
  keptRoots: ReadonlySet<string> | undefined,
): Set<string> {
  const kept = new Set<string>()
  const newestIn = new Map<string, string>()
  for (const { id, rootId } of each.checkpoints) if (rootId !== undefined) newestIn.set(rootId, id)
  for (const [rootId, id] of newestIn) if (keptRoots?.has(rootId) === true) kept.add(id)
  const head = each.checkpoints.find(({ id }) => id === each.headId)
  const isLinked = head?.rootId !== undefined && keptRoots !== undefined && !isUnderWay(head.rootId, root)
  if (!isLinked || !isOfTask(each.namespace)) kept.add(each.headId)
  return kept
}

/** A run does not wait for its checkpoint to be stored before it begins the tasks. */
function isUnderWay(rootId: string, root: NamespaceOutline | undefined): boolean {
  return (
    root !== undefined &&
    compareTuples([rootId], [root.largestId]) > 0 &&
    !root.checkpoints.some(({ id }) => id === rootId)
  )
}

/** A namespace of a task has the id of the task behind a colon in its name; that of a stateful subgraph has none. */
function isOfTask(namespace: string): boolean {
  return namespace.split('|').some((part) => part.includes(':'))
}

function withAncestors({ checkpoints }: NamespaceOutline, kept: ReadonlySet<string>): ReadonlySet<string> {
  const byId = new Map(checkpoints.map((checkpoint) => [checkpoint.id, checkpoint]))
  const all = new Set(kept)
  for (const id of kept) {
    const checkpoint = byId.get(id)
    if (checkpoint !== undefined) for (const needed of ancestorsFor(checkpoint, byId)) all.add(needed)
  }
  return all
}

function dropOthers(each: NamespaceOutline, kept: ReadonlySet<string>): DroppedCheckpoints[] {
  const { namespace, headId, largestId, checkpoints, orphans } = each
  const staying = new Set(kept)
  if (staying.has(headId) && largestId !== headId) staying.add(largestId)
  const oldest = checkpoints.find(({ id }) => staying.has(id))?.id
  const ids = [
    ...checkpoints.filter(({ id }) => !staying.has(id)).map(({ id }) => id),
    ...orphans.filter((id) => oldest === undefined || id < oldest),
  ]
  return ids.length === 0 ? [] : [{ namespace, ids }]
}
