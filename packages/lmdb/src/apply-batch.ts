import {
  type RemovedObject,
  type Tuple,
  encodeKey,
  encodeStoredValue,
  keysBelow,
  lifetimeIn,
  namesBelow,
  newEpoch,
  reachableFrom,
} from '@cairnkit/core/driver'
import type { PreparedCheck, PreparedExpiry, PreparedMutation } from './prepared-batch.js'
import type { StoredPartition } from './stored-partition.js'

export function holds(partition: StoredPartition, check: PreparedCheck): boolean {
  switch (check.type) {
    case 'epoch':
      return partition.epoch === check.epoch
    case 'absent':
      return !partition.hasRecord(check.key)
    case 'present':
      return partition.hasRecord(check.key)
    case 'equals': {
      // By way of the decoded record, so that damage is reported and not taken for a difference.
      const record = partition.record(check.key)
      return record !== undefined && Buffer.compare(encodeStoredValue(check.key, record), check.stored) === 0
    }
    case 'last': {
      const [last] = partition.keys(check.below, true)
      if (last === undefined || check.start === null) return last === undefined && check.start === null
      return Buffer.compare(last.subarray(0, check.start.length), check.start) === 0
    }
    case 'head':
      return check.elements.includes(headOf(partition, check.prefix))
    case 'objects':
      return check.ids.every((id) => partition.hasObject(id))
    case 'undropped':
      return partition.droppedUntil === null
  }
}

/** Applies the mutations in order, and then the expiry. Returns the objects that a sweep removed; `undefined` if there was none. */
export function applyAll(
  partition: StoredPartition,
  mutations: readonly PreparedMutation[],
  now: number,
): readonly RemovedObject[] | undefined {
  let expiry: PreparedExpiry | undefined
  let removed: readonly RemovedObject[] | undefined
  for (const mutation of mutations) {
    if (mutation.type === 'expire') expiry = mutation
    else if (mutation.type === 'sweep') removed = [...(removed ?? []), ...sweep(partition)]
    else apply(partition, mutation, now)
    // What comes before a drop is for what it drops.
    if (mutation.type === 'drop') expiry = undefined
  }
  if (expiry !== undefined) applyExpiry(partition, expiry, now)
  return removed
}

function apply(
  partition: StoredPartition,
  mutation: Exclude<PreparedMutation, { type: 'expire' | 'sweep' }>,
  now: number,
): void {
  switch (mutation.type) {
    case 'put':
      partition.putRecord(mutation.key, mutation.stored)
      return
    case 'insert':
      if (!partition.hasRecord(mutation.key)) partition.putRecord(mutation.key, mutation.stored)
      return
    case 'delete':
      partition.deleteRecord(mutation.key)
      return
    case 'deleteRange':
      for (const key of [...partition.keys(mutation.range)]) partition.deleteRecord(key)
      return
    case 'object':
      if (!partition.hasObject(mutation.id)) partition.putObject(mutation.id, mutation.stored)
      return
    case 'drop':
      partition.drop(mutation.tombstoneMs === null ? null : now + mutation.tombstoneMs)
  }
}

function applyExpiry(
  partition: StoredPartition,
  { ttlMs, decidedBy, ifNone }: PreparedExpiry,
  now: number,
): void {
  if (ifNone && partition.expiresAt !== null) return
  const lifetime = lifetimeAt(partition, decidedBy) ?? ttlMs
  if (lifetime === 'unchanged') return
  partition.expiresAt = lifetime === null || lifetime === 'for ever' ? null : now + lifetime
}

function lifetimeAt(partition: StoredPartition, keys: readonly Uint8Array[]): ReturnType<typeof lifetimeIn> {
  for (const key of keys) {
    const record = partition.record(key)
    const lifetime = record && lifetimeIn(record.bytes)
    if (lifetime !== undefined) return lifetime
  }
  return undefined
}

/** The last group that has a record of its own. */
function headOf(partition: StoredPartition, prefix: Tuple): string | null {
  for (const element of namesBelow({ type: 'names', prefix, reverse: true }, partition.keyAt)) {
    if (partition.hasRecord(encodeKey([...prefix, element]))) return element
  }
  return null
}

/** What a record refers to may be missing: that is for the reader to hear, and nothing to drop. */
function sweep(partition: StoredPartition): RemovedObject[] {
  const roots: string[] = []
  for (const record of partition.records(keysBelow([]))) roots.push(...record.refs)
  const kept = reachableFrom(roots, (id) => partition.object(id)?.refs)
  const doomed = [...partition.objectIds()]
    .filter((id) => !kept.has(id))
    .map((id) => ({ id, bytes: partition.objectBytes(id) }))
  for (const { id } of doomed) partition.deleteObject(id)
  // Whoever remembers the old epoch believes that these objects are still there.
  if (doomed.length > 0) partition.epoch &&= newEpoch()
  return doomed
}
