import {
  type ObjectId,
  type ObjectMap,
  type Referrer,
  type StoredObject,
  type StoredRecord,
  missingObject,
  referredTo,
  theRead,
} from '@cairnkit/core/driver'
import type { ObjectPool, SplitHead } from './object-pool.js'

/** Where a read's objects begin: at ids that it names itself, or at records that refer to them. */
export interface Roots {
  readonly ids: readonly ObjectId[]
  readonly records: readonly StoredRecord[]
  readonly follow: boolean
}

/** Objects that the caller holds, with all that they reach. */
export type Known = ReadonlySet<ObjectId>

/** What is still to be fetched, each with who refers to it, for messages. */
export interface Wanted {
  readonly heads: Map<ObjectId, Referrer>
  readonly splits: Map<ObjectId, { readonly head: SplitHead; readonly referrer: Referrer }>
}

interface Step {
  readonly id: ObjectId
  readonly referrer: Referrer
}

/**
 * The objects that the roots reach past those that are known, as far as the pool has them; notes in `wanted` what it
 * has not. Throws a fault for an object that is damaged, or was not there at the instant of the read and is referred to.
 */
export function collect(roots: Roots, known: Known, pool: ObjectPool, wanted: Wanted): ObjectMap {
  const objects = new Map<ObjectId, StoredObject>()
  const seen = new Set<ObjectId>()
  const steps: Step[] = []
  const step = (id: ObjectId, referrer: Referrer): void => {
    if (seen.has(id) || known.has(id)) return
    seen.add(id)
    steps.push({ id, referrer })
  }
  for (const id of roots.ids) step(id, theRead)
  if (roots.follow) {
    for (const record of roots.records) {
      const referrer = { record }
      for (const ref of record.refs) step(ref, referrer)
    }
  }
  // The list grows while it is walked.
  for (const { id, referrer } of steps) {
    const object = pool.get(id)
    const head = pool.splitHead(id)
    const fault = pool.faultOf(id)
    if (object !== undefined) objects.set(id, object)
    else if (head !== undefined) wanted.splits.set(id, { head, referrer })
    else if (fault !== undefined) throw referredTo(fault, referrer)
    else if (!pool.isAbsent(id)) wanted.heads.set(id, referrer)
    else if (referrer !== theRead) throw missingObject(id, referrer)
    if (!roots.follow) continue
    const refs = (object ?? head)?.refs ?? []
    const inner = { record: referrer.record, object: id }
    for (const ref of refs) step(ref, inner)
  }
  return objects
}
