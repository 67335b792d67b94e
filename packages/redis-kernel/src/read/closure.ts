import {
  type ObjectId,
  type ObjectMap,
  type StoredObject,
  type StoredRecord,
  corrupt,
} from '@cairnkit/core/driver'
import { describeObject } from '../encoding/object-member.js'
import { describeRecord } from '../encoding/record-member.js'
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
  readonly heads: Map<ObjectId, string>
  readonly splits: Map<ObjectId, SplitHead>
}

interface Step {
  readonly id: ObjectId
  /** `undefined`: the read names it itself. */
  readonly referrer: (() => string) | undefined
}

export function missing(id: ObjectId, referrer: string): Error {
  return corrupt(`${describeObject(id)} is missing, and ${referrer} refers to it`)
}

/**
 * The objects that the roots reach past those that are known, as far as the pool has them; notes in `wanted` what it has not. Throws a `corrupt`
 * fault for an object that is referred to and was not there at the instant of the read.
 */
export function collect(roots: Roots, known: Known, pool: ObjectPool, wanted: Wanted): ObjectMap {
  const objects = new Map<ObjectId, StoredObject>()
  const seen = new Set<ObjectId>()
  const steps: Step[] = []
  const step = (id: ObjectId, referrer: Step['referrer']): void => {
    if (seen.has(id) || known.has(id)) return
    seen.add(id)
    steps.push({ id, referrer })
  }
  for (const id of roots.ids) step(id, undefined)
  if (roots.follow) {
    for (const record of roots.records) {
      for (const ref of record.refs) step(ref, () => describeRecord(record.key))
    }
  }
  // The list grows while it is walked.
  for (const { id, referrer } of steps) {
    const object = pool.get(id)
    const split = pool.splitHead(id)
    if (object !== undefined) objects.set(id, object)
    else if (split !== undefined) wanted.splits.set(id, split)
    else if (!pool.isAbsent(id)) wanted.heads.set(id, referrer?.() ?? 'the read')
    else if (referrer !== undefined) throw missing(id, referrer())
    if (!roots.follow) continue
    for (const ref of (object ?? split)?.refs ?? []) step(ref, () => describeObject(id))
  }
  return objects
}
