import { type Check, compareTuples } from '@cairnkit/core'
import { type HeadPut, lastMoveIs, newestIs, sortsBefore } from '../commit/head-step.js'
import type { Restoration } from '../commit/healing.js'
import { conflict, headOf } from '../commit/judge-head.js'
import type { ThreadPartition } from '../commit/thread-partition.js'
import type { SeenHead } from '../knowledge/seen-head.js'
import { checkpointKey, checkpointsPrefix, headMovesPrefix } from '../records/keys.js'
import type { StoredPlace } from '../records/stored-data-error.js'
import type { ThreadTail, TailRecord } from './thread-tail.js'

/**
 * Finds out with one read what is missing of a tail. The thread is still the same one and so only grows; what is not there was
 * lost by the storage. Resolves to `undefined` if nothing is missing. Throws `ThreadConflictError` if the put must be on a head
 * that was lost, and another run has continued from what was left.
 */
export async function restoreTail(
  tail: ThreadTail,
  put: HeadPut | undefined,
  thread: ThreadPartition,
  place: StoredPlace,
): Promise<Restoration | undefined> {
  const groups = new Map(
    tail.records.map(({ namespace, checkpointId }) => {
      const prefix = checkpointKey(namespace, checkpointId)
      return [JSON.stringify(prefix), prefix] as const
    }),
  )
  const [newest, ...found] = await thread.read([
    { type: 'groups', prefix: checkpointsPrefix(put?.namespace ?? ''), limit: 1, reverse: true },
    ...[...groups.values()].map((prefix) => ({ type: 'range' as const, prefix })),
  ])
  const stored = new Map<string, Uint8Array>()
  for (const { records } of found)
    for (const { key, bytes } of records) stored.set(JSON.stringify(key), bytes)
  const missing = tail.records.filter((record) => isMissing(record, stored))
  if (missing.length === 0) return undefined
  const checks: Check[] = [{ type: 'epoch', epoch: tail.epoch }]
  if (put?.claim === 'head') checks.push(...claimChecks(tail, put, headOf(newest.groups[0], place)))
  return restorationOf('tail', tail, put, missing, checks)
}

/** Restores everything that is kept of a thread that is gone, provided that nobody has dropped it or begun it anew. */
export function restoreThread(tail: ThreadTail, put: HeadPut | undefined): Restoration {
  const largest = largestIds(tail)
  const checks: Check[] = [{ type: 'undropped' }]
  for (const [namespace, checkpointId] of largest) {
    // If the batch is sent a second time, the newest checkpoint is its own.
    const own = put?.namespace === namespace ? [put.id] : []
    checks.push(newestIs({ namespace }, null, checkpointId, ...own))
  }
  if (put?.claim === 'head' && !largest.has(put.namespace)) {
    checks.push(newestIs(put, put.parentId ?? null, put.id, null))
  }
  return restorationOf('thread', tail, put, tail.records, checks)
}

function restorationOf(
  lost: Restoration['lost'],
  tail: ThreadTail,
  put: HeadPut | undefined,
  missing: readonly TailRecord[],
  checks: readonly Check[],
): Restoration {
  const count = (kind: TailRecord['kind']): number => missing.filter((record) => record.kind === kind).length
  return {
    lost,
    epoch: tail.epoch,
    checks,
    // What others have stored meanwhile stays, except an older state of what this process itself had replaced.
    records: missing.map(({ mutation, former }) => ({
      ...mutation,
      type: former.length > 0 ? ('put' as const) : ('insert' as const),
    })),
    objects: tail.reachedBy(missing),
    checkpoints: count('checkpoint'),
    writes: count('write'),
    isAlone: put !== undefined && sortsBefore(put.id, largestIds(tail).get(put.namespace)),
  }
}

/** The largest ids of the checkpoints that are kept, by namespace. */
function largestIds(tail: ThreadTail): ReadonlyMap<string, string> {
  const largest = new Map<string, string>()
  for (const { namespace, checkpointId, kind } of tail.records) {
    if (kind !== 'checkpoint') continue
    const known = largest.get(namespace)
    if (known === undefined || sortsBefore(known, checkpointId)) largest.set(namespace, checkpointId)
  }
  return largest
}

function isMissing({ mutation, former }: TailRecord, stored: ReadonlyMap<string, Uint8Array>): boolean {
  const bytes = stored.get(JSON.stringify(mutation.key))
  return bytes === undefined || former.some((each) => Buffer.compare(each, bytes) === 0)
}

/**
 * Makes the checks that no other run has continued meanwhile: the head is still the one that was left, on which the lost parent
 * of the put was built. If the batch is sent a second time, it finds what the first one stored.
 */
function claimChecks(tail: ThreadTail, put: HeadPut, seen: SeenHead): Check[] {
  const { namespace, parentId } = put
  let id: string | undefined = parentId
  while (id !== undefined && id !== seen.headId) id = tail.checkpoint(namespace, id)?.parentId
  if (id !== seen.headId && seen.headId !== put.id) throw conflict(put, seen.headId)
  const { largestId } = seen
  const restored = largestIds(tail).get(namespace)
  const newest = newestIs(
    put,
    ...[largestId ?? null, parentId ?? null, put.id],
    ...(restored === undefined ? [] : [restored]),
  )
  if (largestId === undefined) return [newest]
  const prefix = headMovesPrefix(namespace, largestId)
  const own = tail.records.flatMap(({ kind, mutation: { key } }) =>
    kind === 'head move' && compareTuples(key.slice(0, prefix.length), prefix) === 0 ? [key[4] ?? ''] : [],
  )
  return [newest, lastMoveIs(prefix, seen.move?.element ?? null, ...own)]
}
