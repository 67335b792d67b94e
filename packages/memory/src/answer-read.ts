import {
  type Group,
  type GroupsRead,
  type NamesRead,
  type ObjectId,
  type ObjectMap,
  type ObjectsRead,
  type Read,
  type ReadResult,
  type StoredObject,
  type StoredRecord,
  type Tuple,
  encodePrefix,
} from '@cairnkit/core/driver'
import { closureOf } from './closure.js'
import { keysBelow, keysBetween } from './key-range.js'
import { type PartitionState, copyObject, copyRecord } from './partition-state.js'

export function answerRead(
  state: PartitionState,
  read: Read,
  now: number,
  known: ReadonlySet<ObjectId>,
): ReadResult {
  const { type } = read
  const objects = (records: readonly StoredRecord[], follow = 'none'): ObjectMap =>
    follow === 'all' ? closureOf(state, { records }, known) : new Map()
  switch (type) {
    case 'get': {
      const record = state.records.get(read.key)
      return {
        type,
        record: record && copyRecord(record),
        objects: objects(record ? [record] : [], read.follow),
      }
    }
    case 'range': {
      const all = state.records.between(keysBetween(read))
      const records = (read.reverse === true ? all.reverse() : all).slice(0, read.limit)
      return { type, records: records.map(copyRecord), objects: objects(records, read.follow) }
    }
    case 'groups': {
      const groups = groupsOf(state, read)
      const records = groups.flatMap(({ record, members }) => (record ? [record, ...members] : members))
      return { type, groups, objects: objects(records, read.follow) }
    }
    case 'names':
      return { type, names: [...namesOf(state, read)].slice(0, read.limit) }
    case 'count':
      return { type, count: state.records.count(keysBelow(read.prefix)) }
    case 'objects':
      return { type, objects: objectsOf(state, read, known) }
    case 'info':
      return {
        type,
        epoch: state.epoch,
        ttlMs: state.expiresAt === null ? null : state.expiresAt - now,
        records: state.records.size,
        objects: state.objects.size,
        dropped: state.droppedUntil !== null,
      }
  }
}

function groupsOf(state: PartitionState, read: GroupsRead): Group[] {
  const groups: Group[] = []
  for (const element of namesOf(state, read)) {
    if (groups.length === read.limit) break
    const group = groupOf(state, read.prefix, element)
    if (group.record !== undefined || read.orphans === true) groups.push(group)
  }
  return groups
}

function groupOf(state: PartitionState, prefix: Tuple, element: string): Group {
  const records = state.records.between(keysBelow([...prefix, element])).map(copyRecord)
  const isOwn = records[0]?.key.length === prefix.length + 1
  return { element, record: isOwn ? records[0] : undefined, members: isOwn ? records.slice(1) : records }
}

/** The distinct elements that follow the prefix, at the cost of one seek each. */
export function* namesOf(state: PartitionState, read: GroupsRead | NamesRead): Generator<string> {
  // The empty element is the least, so this leaves out the key that is exactly the prefix.
  let from = encodePrefix([...read.prefix, read.from ?? ''])
  let until =
    read.until === undefined ? keysBelow(read.prefix).until : encodePrefix([...read.prefix, read.until])
  for (;;) {
    const next =
      read.reverse === true ? state.records.last({ from, until }) : state.records.first({ from, until })
    if (next === undefined) return
    yield next.key[read.prefix.length] as string
    const group = keysBelow(next.key.slice(0, read.prefix.length + 1))
    if (read.reverse === true) until = group.from
    else from = group.until ?? from
  }
}

function objectsOf(
  state: PartitionState,
  { ids, follow }: ObjectsRead,
  known: ReadonlySet<ObjectId>,
): ObjectMap {
  if (follow === 'all') return closureOf(state, { ids }, known)
  const found = new Map<ObjectId, StoredObject>()
  for (const id of ids) {
    const object = state.objects.get(id)
    if (object !== undefined && !known.has(id)) found.set(id, copyObject(object))
  }
  return found
}
