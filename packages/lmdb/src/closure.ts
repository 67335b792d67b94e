import {
  DriverFault,
  type ObjectId,
  type Referrer,
  type StoredObject,
  type StoredRecord,
  missingObject,
  referredTo,
  theRead,
} from '@cairnkit/core/driver'
import type { StoredPartition } from './stored-partition.js'

/** Where a closure begins: at records, or at ids that a read names itself. */
export interface Roots {
  readonly records?: readonly StoredRecord[]
  readonly ids?: readonly ObjectId[]
}

/**
 * All objects that `roots` reach, each once, without those that the caller knows. A reference to one that is not there
 * is a fault, but for those that are asked for by name.
 */
export function closureOf(
  partition: StoredPartition,
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
    const object = objectOf(partition, id, referrer)
    if (object !== undefined) {
      closure.set(id, object)
      reach(object.refs, { record: referrer.record, object: id })
    } else if (referrer !== theRead) throw missingObject(id, referrer)
  }
  return closure
}

function objectOf(partition: StoredPartition, id: ObjectId, referrer: Referrer): StoredObject | undefined {
  try {
    return partition.object(id)
  } catch (cause) {
    throw DriverFault.isInstance(cause) ? referredTo(cause, referrer) : cause
  }
}

/** The ids that `roots` reach, themselves included. `refsOf` is asked once for each. */
export function reachableFrom(
  roots: readonly ObjectId[],
  refsOf: (id: ObjectId) => readonly ObjectId[] | undefined,
): Set<ObjectId> {
  const reached = new Set(roots)
  // A set also visits what is added to it meanwhile: this loop is the whole walk.
  for (const id of reached) for (const ref of refsOf(id) ?? []) reached.add(ref)
  return reached
}
