import {
  type Check,
  type ExpireMutation,
  type Mutation,
  type RemovedObject,
  type SweepMutation,
  type Tuple,
  compareTuples,
  keyAlone,
  keysBelow,
  keysBetween,
  lifetimeIn,
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

/**
 * Applies the mutations in order, and then the expiry. Returns the objects that a sweep removed; `undefined` if there was none.
 * Cannot fail, so no half of a batch is ever left behind.
 */
export function applyAll(
  state: PartitionState,
  mutations: readonly Mutation[],
  now: number,
): readonly RemovedObject[] | undefined {
  let expire: ExpireMutation | undefined
  let removed: readonly RemovedObject[] | undefined
  for (const mutation of mutations) {
    if (mutation.type === 'expire') expire = mutation
    else if (mutation.type === 'sweep') removed = [...(removed ?? []), ...sweep(state)]
    else apply(state, mutation, now)
    if (mutation.type === 'drop') expire = undefined
  }
  if (expire !== undefined) applyExpiry(state, expire, now)
  return removed
}

function apply(
  state: PartitionState,
  mutation: Exclude<Mutation, ExpireMutation | SweepMutation>,
  now: number,
): void {
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
    case 'drop':
      state.records.delete(keysBelow([]))
      state.objects.clear()
      state.epoch = null
      state.expiresAt = null
      if (mutation.tombstoneMs !== null) state.droppedUntil = now + mutation.tombstoneMs
  }
}

/** Of several the last one counts, and only behind the last drop. */
function applyExpiry(state: PartitionState, { ttlMs, decidedBy, ifNone }: ExpireMutation, now: number): void {
  if (ifNone === true && state.expiresAt !== null) return
  const lifetime = lifetimeAt(state, decidedBy) ?? ttlMs
  if (lifetime === 'unchanged') return
  state.expiresAt = lifetime === null || lifetime === 'for ever' ? null : now + lifetime
}

function lifetimeAt(state: PartitionState, keys: readonly Tuple[] = []): ReturnType<typeof lifetimeIn> {
  for (const key of keys) {
    const record = state.records.get(key)
    const lifetime = record && lifetimeIn(record.bytes)
    if (lifetime !== undefined) return lifetime
  }
  return undefined
}

/** The last group that has a record of its own. */
function headOf(state: PartitionState, prefix: Tuple): string | null {
  for (const element of namesBelow({ type: 'names', prefix, reverse: true }, state.records.keyAt)) {
    if (state.records.get([...prefix, element]) !== undefined) return element
  }
  return null
}

/** What a record refers to may be missing: that is for the reader to hear, and nothing to drop. */
function sweep(state: PartitionState): RemovedObject[] {
  const roots = state.records.between(keysBelow([])).flatMap((record) => record.refs)
  const kept = reachableFrom(roots, (id) => state.objects.get(id)?.refs)
  const doomed = [...state.objects].flatMap(([id, { bytes }]) =>
    kept.has(id) ? [] : [{ id, bytes: bytes.length }],
  )
  for (const { id } of doomed) state.objects.delete(id)
  // Whoever remembers the old epoch believes that these objects are still there.
  if (doomed.length > 0) state.epoch &&= newEpoch()
  return doomed
}
