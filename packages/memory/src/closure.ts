import { type ObjectId, type StoredObject, type StoredRecord, corrupt } from '@cairnkit/core/driver'
import { type PartitionState, copyObject } from './partition-state.js'

/**
 * Copies of all objects that `roots` reach, each once. A reference to one that is not there is a fault, but for those
 * that are asked for by name.
 */
export function closureOf(
  state: PartitionState,
  roots: readonly ObjectId[],
  askedFor: readonly ObjectId[] = [],
): Map<ObjectId, StoredObject> {
  const closure = new Map<ObjectId, StoredObject>()
  for (const id of reachableFrom(state, roots)) {
    const object = state.objects.get(id)
    if (object !== undefined) closure.set(id, copyObject(object))
    else if (!askedFor.includes(id)) throw corrupt(`the object ${id} is referred to and missing`)
  }
  return closure
}

/** The ids that `roots` reach, themselves included, whether or not the objects are there. */
export function reachableFrom(state: PartitionState, roots: Iterable<ObjectId>): Set<ObjectId> {
  const reached = new Set(roots)
  // A set also visits what is added to it meanwhile: this loop is the whole walk.
  for (const id of reached) for (const ref of state.objects.get(id)?.refs ?? []) reached.add(ref)
  return reached
}

export function refsOf(records: readonly StoredRecord[]): ObjectId[] {
  return records.flatMap((record) => record.refs)
}
