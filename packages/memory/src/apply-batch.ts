import {
  type Check,
  type Mutation,
  type Tuple,
  compareTuples,
  keyAlone,
  keysBelow,
  keysBetween,
  namesBelow,
  newEpoch,
  reachableFrom,
} from '@cairnkit/core/driver'
import { type PartitionState, copyObject, copyRecord } from './partition-state.js'

export function holds(state: PartitionState, check: Check): boolean {
  switch (check.type) {
    case 'epoch':
      return state.epoch === check.epoch
    case 'absent':
      return state.records.get(check.key) === undefined
    case 'present':
      return state.records.get(check.key) !== undefined
    case 'equals': {
      const record = state.records.get(check.key)
      const refs = check.refs ?? []
      return (
        record !== undefined &&
        Buffer.compare(record.bytes, check.bytes) === 0 &&
        record.refs.length === refs.length &&
        record.refs.every((ref, at) => ref === refs[at])
      )
    }
    case 'last': {
      const last = state.records.last(keysBelow(check.prefix))
      if (last === undefined || check.key === null) return last === undefined && check.key === null
      return compareTuples(last.key.slice(0, check.key.length), check.key) === 0
    }
    case 'head':
      return check.elements.includes(headOf(state, check.prefix))
    case 'objects':
      return check.ids.every((id) => state.objects.has(id))
    case 'undropped':
      return state.droppedUntil === null
  }
}

/** Cannot fail, so no half of a batch is ever left behind. */
export function apply(state: PartitionState, mutation: Mutation, now: number): void {
  switch (mutation.type) {
    case 'put':
      state.records.set(copyRecord(mutation))
      return
    case 'insert':
      if (state.records.get(mutation.key) === undefined) state.records.set(copyRecord(mutation))
      return
    case 'delete':
      state.records.delete(keyAlone(mutation.key))
      return
    case 'deleteRange':
      state.records.delete(keysBetween(mutation))
      return
    case 'object':
      if (!state.objects.has(mutation.id)) state.objects.set(mutation.id, copyObject(mutation))
      return
    case 'sweep':
      sweep(state)
      return
    case 'expire':
      state.expiresAt = mutation.ttlMs === null ? null : now + mutation.ttlMs
      return
    case 'drop':
      state.records.delete(keysBelow([]))
      state.objects.clear()
      state.epoch = null
      state.expiresAt = null
      if (mutation.tombstoneMs !== null) state.droppedUntil = now + mutation.tombstoneMs
  }
}

/** The last group that has a record of its own. */
function headOf(state: PartitionState, prefix: Tuple): string | null {
  for (const element of namesBelow({ type: 'names', prefix, reverse: true }, state.records.keyAt)) {
    if (state.records.get([...prefix, element]) !== undefined) return element
  }
  return null
}

/** What a record refers to may be missing: that is for the reader to hear, and nothing to drop. */
function sweep(state: PartitionState): void {
  const roots = state.records.between(keysBelow([])).flatMap((record) => record.refs)
  const kept = reachableFrom(roots, (id) => state.objects.get(id)?.refs)
  const doomed = [...state.objects.keys()].filter((id) => !kept.has(id))
  for (const id of doomed) state.objects.delete(id)
  // Whoever remembers the old epoch believes that these objects are still there.
  if (doomed.length > 0) state.epoch &&= newEpoch()
}
