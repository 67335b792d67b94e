import { DriverFault } from './driver-fault.js'
import type { ObjectId } from './object-id.js'
import type { ObjectMap, ObjectsRead, StoredObject, StoredRecord } from './read.js'
import { type Referrer, missingObject, referredTo, theRead } from './referrer.js'

/** Where a closure begins: at records, or at ids that a read names itself. */
export interface Roots {
  readonly records?: readonly StoredRecord[]
  readonly ids?: readonly ObjectId[]
}

/** Returns the object with this id. If it throws a fault, the fault gets the name of what refers to the object. */
export type GetObject = (id: ObjectId) => StoredObject | undefined

/**
 * Returns all objects that `roots` reach, each once, without those in `known`. A missing object is a `corrupt` fault, unless
 * it is one of `roots.ids`.
 */
export function closureOf(
  { records = [], ids = [] }: Roots,
  known: ReadonlySet<ObjectId>,
  get: GetObject,
): ObjectMap {
  const closure = new Map<ObjectId, StoredObject>()
  const reached = new Map<ObjectId, Referrer>()
  const reach = (refs: readonly ObjectId[], referrer: Referrer): void => {
    for (const id of refs) if (!known.has(id) && !reached.has(id)) reached.set(id, referrer)
  }
  reach(ids, theRead)
  for (const record of records) reach(record.refs, { record })
  // A map also visits what is added to it meanwhile: this loop is the whole walk.
  for (const [id, referrer] of reached) {
    const object = getFor(referrer, id, get)
    if (object !== undefined) {
      closure.set(id, object)
      reach(object.refs, { record: referrer.record, object: id })
    } else if (referrer !== theRead) throw missingObject(id, referrer)
  }
  return closure
}

/** Answers a read of objects by id. */
export function objectsRead(
  { ids, follow }: ObjectsRead,
  known: ReadonlySet<ObjectId>,
  get: GetObject,
): ObjectMap {
  if (follow === 'all') return closureOf({ ids }, known, get)
  const found = new Map<ObjectId, StoredObject>()
  for (const id of ids) {
    const object = known.has(id) ? undefined : get(id)
    if (object !== undefined) found.set(id, object)
  }
  return found
}

/** Returns the ids that `roots` reach, including `roots`, whether or not the objects exist. Calls `refsOf` once for each. */
export function reachableFrom(
  roots: Iterable<ObjectId>,
  refsOf: (id: ObjectId) => readonly ObjectId[] | undefined,
): Set<ObjectId> {
  const reached = new Set(roots)
  // A set also visits what is added to it meanwhile: this loop is the whole walk.
  for (const id of reached) for (const ref of refsOf(id) ?? []) reached.add(ref)
  return reached
}

function getFor(referrer: Referrer, id: ObjectId, get: GetObject): StoredObject | undefined {
  try {
    return get(id)
  } catch (cause) {
    throw DriverFault.isInstance(cause) ? referredTo(cause, referrer) : cause
  }
}
