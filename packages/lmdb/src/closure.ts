import { type ObjectId, type StoredObject, type StoredRecord, corrupt } from '@cairnkit/core/driver'
import type { StoredPartition } from './stored-partition.js'

/**
 * All objects that `roots` reach, each once, without those that the caller knows. A reference to one that is not there
 * is a fault, but for those that are asked for by name.
 */
export function closureOf(
  partition: StoredPartition,
  roots: readonly ObjectId[],
  known: ReadonlySet<ObjectId>,
  askedFor: readonly ObjectId[] = [],
): Map<ObjectId, StoredObject> {
  const closure = new Map<ObjectId, StoredObject>()
  const asked = new Set(askedFor)
  reachableFrom(roots, known, (id) => {
    const object = partition.object(id)
    if (object !== undefined) closure.set(id, object)
    else if (!asked.has(id)) throw corrupt(`the object ${id} is referred to and missing`)
    return object?.refs
  })
  return closure
}

/** The ids that `roots` reach past those that are known, themselves included. `refsOf` is asked once for each. */
export function reachableFrom(
  roots: readonly ObjectId[],
  known: ReadonlySet<ObjectId>,
  refsOf: (id: ObjectId) => readonly ObjectId[] | undefined,
): Set<ObjectId> {
  const reached = new Set(roots.filter((id) => !known.has(id)))
  // A set also visits what is added to it meanwhile: this loop is the whole walk.
  for (const id of reached) for (const ref of refsOf(id) ?? []) if (!known.has(ref)) reached.add(ref)
  return reached
}

export function refsOf(records: readonly StoredRecord[]): ObjectId[] {
  return records.flatMap((record) => record.refs)
}
