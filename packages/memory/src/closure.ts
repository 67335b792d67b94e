import { type ObjectId, type StoredObject, type StoredRecord, corrupt } from '@cairnkit/core/driver'
import { type PartitionState, copyObject } from './partition-state.js'

/**
 * Copies of all objects that `roots` reach, each once, without those that the caller knows. A reference to one that is
 * not there is a fault, but for those that are asked for by name.
 */
export function closureOf(
  state: PartitionState,
  roots: readonly ObjectId[],
  known: ReadonlySet<ObjectId>,
  askedFor: readonly ObjectId[] = [],
): Map<ObjectId, StoredObject> {
  const closure = new Map<ObjectId, StoredObject>()
  for (const id of reachableFrom(state, roots, known)) {
    const object = state.objects.get(id)
    if (object !== undefined) closure.set(id, copyObject(object))
    else if (!askedFor.includes(id)) throw corrupt(`the object ${id} is referred to and missing`)
  }
  return closure
}

/** The ids that `roots` reach past those that are known, themselves included, whether or not the objects are there. */
export function reachableFrom(
  state: PartitionState,
  roots: Iterable<ObjectId>,
  known: ReadonlySet<ObjectId> = new Set(),
): Set<ObjectId> {
  const reached = new Set([...roots].filter((id) => !known.has(id)))
  // A set also visits what is added to it meanwhile: this loop is the whole walk.
  for (const id of reached) {
    for (const ref of state.objects.get(id)?.refs ?? []) if (!known.has(ref)) reached.add(ref)
  }
  return reached
}

export function refsOf(records: readonly StoredRecord[]): ObjectId[] {
  return records.flatMap((record) => record.refs)
}
