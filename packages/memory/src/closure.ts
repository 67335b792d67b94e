import {
  type ObjectId,
  type Referrer,
  type StoredObject,
  type StoredRecord,
  missingObject,
  theRead,
} from '@cairnkit/core/driver'
import { type PartitionState, copyObject } from './partition-state.js'

/** Where a closure begins: at records, or at ids that a read names itself. */
export interface Roots {
  readonly records?: readonly StoredRecord[]
  readonly ids?: readonly ObjectId[]
}

/**
 * Copies of all objects that `roots` reach, each once, without those that the caller knows. A reference to one that is
 * not there is a fault, but for those that are asked for by name.
 */
export function closureOf(
  state: PartitionState,
  { records = [], ids = [] }: Roots,
  known: ReadonlySet<ObjectId>,
): Map<ObjectId, StoredObject> {
  const closure = new Map<ObjectId, StoredObject>()
  const reached = new Map<ObjectId, Referrer>()
  const reach = (refs: readonly ObjectId[], referrer: Referrer): void => {
    for (const id of refs) if (!known.has(id) && !reached.has(id)) reached.set(id, referrer)
  }
  reach(ids, theRead)
  for (const record of records) reach(record.refs, { record })
  // A map also visits what is added to it meanwhile: this loop is the whole walk.
  for (const [id, referrer] of reached) {
    const object = state.objects.get(id)
    if (object !== undefined) {
      closure.set(id, copyObject(object))
      reach(object.refs, { record: referrer.record, object: id })
    } else if (referrer !== theRead) throw missingObject(id, referrer)
  }
  return closure
}

/** The ids that `roots` reach past those that are known, themselves included, whether or not the objects are there. */
export function reachableFrom(state: PartitionState, roots: Iterable<ObjectId>): Set<ObjectId> {
  const reached = new Set(roots)
  // A set also visits what is added to it meanwhile: this loop is the whole walk.
  for (const id of reached) {
    for (const ref of state.objects.get(id)?.refs ?? []) reached.add(ref)
  }
  return reached
}

export function refsOf(records: readonly StoredRecord[]): ObjectId[] {
  return records.flatMap((record) => record.refs)
}
