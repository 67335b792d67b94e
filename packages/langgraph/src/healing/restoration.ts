import type { Check } from '@cairnkit/core'
import { type HeadClaim, conflict, headCheck } from '../commit/head-claim.js'
import type { Restoration } from '../commit/healing.js'
import type { ThreadPartition } from '../commit/thread-partition.js'
import { checkpointKey, checkpointsPrefix } from '../records/keys.js'
import type { ThreadTail, TailRecord } from './thread-tail.js'

/**
 * What is missing of a tail in a thread that is still the same one, and so only grows: what is not there any more was lost
 * by the storage. One read. `undefined` when nothing is missing. Throws `ThreadConflictError` when the claim is on a head
 * that was lost, and another run has gone on from what was left.
 */
export async function restoreTail(
  tail: ThreadTail,
  claim: HeadClaim | undefined,
  thread: ThreadPartition,
): Promise<Restoration | undefined> {
  const groups = new Map(
    tail.records.map(({ namespace, checkpointId }) => {
      const prefix = checkpointKey(namespace, checkpointId)
      return [JSON.stringify(prefix), prefix] as const
    }),
  )
  const [newest, ...found] = await thread.read([
    { type: 'groups', prefix: checkpointsPrefix(claim?.namespace ?? ''), limit: 1, reverse: true },
    ...[...groups.values()].map((prefix) => ({ type: 'range' as const, prefix })),
  ])
  const stored = new Map<string, Uint8Array>()
  for (const { records } of found)
    for (const { key, bytes } of records) stored.set(JSON.stringify(key), bytes)
  const missing = tail.records.filter((record) => isMissing(record, stored))
  if (missing.length === 0) return undefined
  const checks: Check[] = [{ type: 'epoch', epoch: tail.epoch }]
  if (claim !== undefined) checks.push(headCheck(claim, headOf(tail, claim, newest.groups[0]?.element)))
  return restorationOf('tail', tail, missing, checks)
}

/** Everything that is kept of a thread that is gone, as long as nobody dropped it or has begun it anew. */
export function restoreThread(tail: ThreadTail, claim: HeadClaim | undefined): Restoration {
  const newest = new Map<string, string>()
  for (const { namespace, checkpointId, checkpoint } of tail.records) {
    const known = newest.get(namespace)
    if (checkpoint !== undefined && (known === undefined || known < checkpointId))
      newest.set(namespace, checkpointId)
  }
  const checks: Check[] = [{ type: 'undropped' }]
  for (const [namespace, checkpointId] of newest) {
    // Its own newest is what a second sending of the same batch finds.
    const own = claim?.namespace === namespace ? [claim.id] : []
    checks.push({
      type: 'head',
      prefix: checkpointsPrefix(namespace),
      elements: [null, checkpointId, ...own],
    })
  }
  if (claim !== undefined && !newest.has(claim.namespace)) checks.push(headCheck(claim, null))
  return restorationOf('thread', tail, tail.records, checks)
}

function restorationOf(
  lost: Restoration['lost'],
  tail: ThreadTail,
  missing: readonly TailRecord[],
  checks: readonly Check[],
): Restoration {
  const checkpoints = missing.filter(({ checkpoint }) => checkpoint !== undefined).length
  return {
    lost,
    epoch: tail.epoch,
    checks,
    // What somebody else has stored meanwhile stays, but for an older state of what this process replaced itself.
    records: missing.map(({ mutation, former }) => ({
      ...mutation,
      type: former.length > 0 ? ('put' as const) : ('insert' as const),
    })),
    objects: tail.reachedBy(missing),
    checkpoints,
    writes: missing.length - checkpoints,
  }
}

function isMissing({ mutation, former }: TailRecord, stored: ReadonlyMap<string, Uint8Array>): boolean {
  const bytes = stored.get(JSON.stringify(mutation.key))
  return bytes === undefined || former.some((each) => Buffer.compare(each, bytes) === 0)
}

/** The head that was left, if the lost parent of the claim was built on it: then no other run has gone on meanwhile. */
function headOf(tail: ThreadTail, claim: HeadClaim, head: string | undefined): string | null {
  let id: string | undefined = claim.parentId
  while (id !== undefined && id !== head) id = tail.checkpoint(claim.namespace, id)?.checkpoint?.parentId
  const isOwn = head === claim.id
  if (id === head || isOwn) return head ?? null
  throw conflict(claim, head)
}
