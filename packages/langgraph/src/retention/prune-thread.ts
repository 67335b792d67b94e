import {
  type CallOptions,
  type Check,
  type DeleteMutation,
  type DeleteRangeMutation,
  type Epoch,
  type Mutation,
  type Partition,
  type RemovedObject,
  StorageError,
  compareTuples,
  objectId,
  tellObserver,
} from '@cairnkit/core'
import { lastMoveIs, newestIs } from '../commit/head-step.js'
import type { Healing } from '../commit/healing.js'
import type { KnownThreads } from '../knowledge/known-threads.js'
import type { ThreadLeases } from '../lease/thread-leases.js'
import { checkpointKey, headMovesPrefix, interruptKey } from '../records/keys.js'
import type { DroppedCheckpoints } from './keepset.js'
import type { ThreadOutline } from './outline.js'
import type { PrunedEvent, PrunedObserver } from './pruned-event.js'
import { type OutlineTools, readOutline } from './read-outline.js'
import type { Removals } from './removals.js'

/** How many checkpoints one commit removes, so that others are served meanwhile. */
const CHECKPOINTS_PER_COMMIT = 200

/** How often a thread is looked at anew whose heads have moved since the look before. */
const MAX_ATTEMPTS = 8
const MAX_YIELDING_ATTEMPTS = 2

/** What checkpoints are removed with. */
export interface PruneTools extends OutlineTools {
  readonly leases: ThreadLeases
  readonly knownThreads: KnownThreads
  readonly healing: Healing | undefined
  readonly removals: Removals
  readonly observer: PrunedObserver | undefined
}

/** Says which checkpoints of a thread go, at a time of the storage in milliseconds since 1970. */
export type Choose = (outline: ThreadOutline, nowMs: number) => readonly DroppedCheckpoints[]

export interface PruneOptions extends CallOptions {
  /** How many checkpoints are removed at the most. @default all */
  readonly most?: number
  /** Whether to leave the rest to the next call if others change the thread meanwhile. @default false: an error */
  readonly yields?: boolean
}

/** What was removed, and whether there is more to remove. */
export interface Pruned extends PrunedEvent {
  readonly isAll: boolean
}

/** Nothing refers to it, so a sweep that comes with it surely removes something, and the thread gets another epoch. */
const SCRAP = (() => {
  const bytes = Buffer.from('scrap', 'latin1')
  return { type: 'object' as const, id: objectId(bytes, []), bytes, refs: [] }
})()

/**
 * Removes the checkpoints of a thread that `choose` names, with their pending writes, and what only they referred to. A commit
 * removes them only while the heads are those that were seen, so no run loses the checkpoint that it goes on from. The thread has
 * another epoch then: a process that has not seen that sends its next checkpoint as a whole, and restores nothing that was removed.
 */
export async function pruneThread(
  tools: PruneTools,
  threadId: string,
  choose: Choose,
  { most = Number.POSITIVE_INFINITY, yields = false, ...options }: PruneOptions = {},
): Promise<Pruned> {
  const partition = tools.threads.partition(threadId)
  let sum: Pruned = { threadId, checkpoints: 0, writes: 0, objects: 0, bytes: 0, isAll: true }
  for (let attempt = 1; attempt <= (yields ? MAX_YIELDING_ATTEMPTS : MAX_ATTEMPTS); attempt++) {
    const outline = await readOutline(tools, threadId, options)
    if (outline.epoch === null) return sum
    const all = choose(outline, outline.nowMs)
    const dropped = firstOf(all, most - sum.checkpoints)
    if (dropped.length === 0) return told(tools, { ...sum, isAll: all.length === 0 })
    const result = await remove(tools, threadId, outline.epoch, outline, dropped, options)
    sum = { ...sum, ...added(sum, result.pruned) }
    if (result.isDone) return told(tools, { ...sum, isAll: countOf(all) === countOf(dropped) })
  }
  if (yields) return told(tools, { ...sum, isAll: false })
  throw tooBusy(tools, partition)
}

interface Removal {
  readonly pruned: Omit<PrunedEvent, 'threadId'>
  /** Whether all was removed that was to be. */
  readonly isDone: boolean
}

async function remove(
  tools: PruneTools,
  threadId: string,
  seenEpoch: Epoch,
  outline: ThreadOutline,
  dropped: readonly DroppedCheckpoints[],
  options: CallOptions,
): Promise<Removal> {
  const partition = tools.threads.partition(threadId)
  const ranges = dropped.flatMap(({ namespace, ids }) =>
    ids.map((id): DeleteRangeMutation => ({ type: 'deleteRange', prefix: checkpointKey(namespace, id) })),
  )
  let pruned: Removal['pruned'] = { checkpoints: 0, writes: 0, objects: 0, bytes: 0 }
  let epoch = seenEpoch
  for (let at = 0; at < ranges.length; at += CHECKPOINTS_PER_COMMIT) {
    const part = ranges.slice(at, at + CHECKPOINTS_PER_COMMIT)
    // With the first one the thread gets another epoch, before a process can take for lost what was removed.
    const sweeps = at === 0 || at + CHECKPOINTS_PER_COMMIT >= ranges.length
    const lease = tools.leases.current(threadId)
    lease?.assertHeld()
    const checks: Check[] = [
      { type: 'epoch', epoch },
      ...(lease === undefined ? [] : [lease.fenceCheck]),
      ...headChecks(outline, dropped, ranges.slice(0, at)),
    ]
    const mutations: Mutation[] = [...part, ...interruptsAt(part)]
    if (sweeps) mutations.push(SCRAP, { type: 'sweep' })
    const { result, removed } = await tools.removals.during(threadId, async () => {
      const result = await partition.commit({ checks, mutations }, options)
      const removed = sweeps && result.ok ? result.removed?.filter(({ id }) => id !== SCRAP.id) : []
      if (result.ok) remember(tools, threadId, { from: epoch, to: result.epoch }, part, removed)
      return { result, removed }
    })
    // What was done before is done; the heads are looked at anew.
    if (!result.ok) return { pruned, isDone: false }
    pruned = added(pruned, {
      ...countIn(outline, part),
      objects: removed?.length ?? 0,
      bytes: removed?.reduce((sum, { bytes }) => sum + bytes, 0),
    })
    if (result.epoch === null) break
    epoch = result.epoch
  }
  return { pruned, isDone: true }
}

/** Where an interrupt waited at a checkpoint of the root graph, the thread says so beside it. */
function interruptsAt(ranges: readonly DeleteRangeMutation[]): DeleteMutation[] {
  return ranges.flatMap(({ prefix: [, namespace, id] }): DeleteMutation[] =>
    namespace === '' && id !== undefined ? [{ type: 'delete', key: interruptKey(id) }] : [],
  )
}

/** What this process knows and keeps of the thread is true but for what was removed. */
function remember(
  { knownThreads, healing }: PruneTools,
  threadId: string,
  { from, to }: { readonly from: Epoch; readonly to: Epoch | null },
  ranges: readonly DeleteRangeMutation[],
  removed: readonly RemovedObject[] | undefined,
): void {
  if (to === null) {
    knownThreads.forget(threadId)
    healing?.forget(threadId)
    return
  }
  knownThreads.rebase(
    threadId,
    from,
    to,
    removed?.map(({ id }) => id),
  )
  const dropped = new Set(ranges.map(({ prefix }) => JSON.stringify(prefix)))
  healing?.pruned(threadId, from, to, (key) => dropped.has(JSON.stringify(key.slice(0, 3))))
}

/**
 * What must hold of the namespaces that lose something.
 *
 * | namespace | check |
 * |---|---|
 * | loses its head | it is still the head, but for what was removed `before` |
 * | has values that are made of the writes of others | the same: nothing was put on what goes |
 * | any other | its head is there: another removal may have taken it; what is put meanwhile is in nobody's way |
 */
function headChecks(
  { namespaces }: ThreadOutline,
  dropped: readonly DroppedCheckpoints[],
  before: readonly DeleteRangeMutation[],
): Check[] {
  const losses = new Map(dropped.map(({ namespace, ids }) => [namespace, new Set(ids)]))
  return namespaces.flatMap(({ namespace, headId, largestId, move, checkpoints }): Check[] => {
    const loss = losses.get(namespace)
    if (loss === undefined) return []
    const hasDeltas = checkpoints.some(({ unfinished }) => unfinished.length > 0)
    if (!loss.has(headId) && !hasDeltas) return [{ type: 'present', key: checkpointKey(namespace, headId) }]
    const isGone = before.some(
      ({ prefix }) => compareTuples(prefix, checkpointKey(namespace, largestId)) === 0,
    )
    if (isGone) return []
    return [
      newestIs({ namespace }, largestId),
      lastMoveIs(headMovesPrefix(namespace, largestId), move ?? null),
    ]
  })
}

function countIn(
  { namespaces }: ThreadOutline,
  ranges: readonly DeleteRangeMutation[],
): { readonly checkpoints: number; readonly writes: number } {
  const dropped = new Set(ranges.map(({ prefix }) => JSON.stringify(prefix)))
  let [checkpoints, writes] = [0, 0]
  for (const { namespace, checkpoints: held } of namespaces) {
    for (const each of held) {
      if (!dropped.has(JSON.stringify(checkpointKey(namespace, each.id)))) continue
      checkpoints += 1
      writes += each.writes
    }
  }
  return { checkpoints, writes }
}

/** The oldest first. */
function firstOf(dropped: readonly DroppedCheckpoints[], most: number): readonly DroppedCheckpoints[] {
  if (countOf(dropped) <= most) return dropped
  const chosen: DroppedCheckpoints[] = []
  let left = most
  for (const { namespace, ids } of dropped) {
    if (left <= 0) break
    chosen.push({ namespace, ids: ids.slice(0, left) })
    left -= ids.length
  }
  return chosen
}

function countOf(dropped: readonly DroppedCheckpoints[]): number {
  return dropped.reduce((sum, { ids }) => sum + ids.length, 0)
}

function added(sum: Removal['pruned'], more: Removal['pruned']): Removal['pruned'] {
  return {
    checkpoints: sum.checkpoints + more.checkpoints,
    writes: sum.writes + more.writes,
    objects: sum.objects + more.objects,
    bytes: sum.bytes === undefined || more.bytes === undefined ? undefined : sum.bytes + more.bytes,
  }
}

function told({ observer }: PruneTools, { isAll, ...event }: Pruned): Pruned {
  if (event.checkpoints > 0) tellObserver('saver', () => observer?.onPruned?.(event))
  return { isAll, ...event }
}

function tooBusy({ threads }: PruneTools, partition: Partition): StorageError {
  return new StorageError({
    code: 'unavailable',
    disposition: 'transient',
    driver: threads.driver.name,
    operation: 'commit',
    partition: partition.id,
    attempts: MAX_ATTEMPTS,
    reason: 'the thread was written each time that its old checkpoints were to be removed',
  })
}
