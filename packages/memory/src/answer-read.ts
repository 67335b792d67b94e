import {
  type GetObject,
  type Group,
  type GroupsRead,
  type ObjectId,
  type ObjectMap,
  type Read,
  type ReadResult,
  type StoredRecord,
  type Tuple,
  closureOf,
  keysBelow,
  keysBetween,
  namesBelow,
  objectsRead,
} from '@cairnkit/core/driver'
import { type PartitionState, copyObject, copyRecord } from './partition-state.js'

export function answerRead(
  state: PartitionState,
  read: Read,
  now: number,
  known: ReadonlySet<ObjectId>,
): ReadResult {
  const { type } = read
  const get: GetObject = (id) => {
    const object = state.objects.get(id)
    return object && copyObject(object)
  }
  const objects = (records: readonly StoredRecord[], follow = 'none'): ObjectMap =>
    follow === 'all' ? closureOf({ records }, known, get) : new Map()
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
      return { type, names: [...namesBelow(read, state.records.keyAt)].slice(0, read.limit) }
    case 'count':
      return { type, count: state.records.count(keysBelow(read.prefix)) }
    case 'objects':
      return { type, objects: objectsRead(read, known, get) }
    case 'info':
      return {
        type,
        epoch: state.epoch,
        ttlMs: state.expiresAt === null ? null : state.expiresAt - now,
        records: state.records.size,
        objects: state.objects.size,
        dropped: state.droppedUntil !== null,
      }
    case 'time':
      return { type, nowMs: Math.floor(now) }
  }
}

function groupsOf(state: PartitionState, read: GroupsRead): Group[] {
  const groups: Group[] = []
  for (const element of namesBelow(read, state.records.keyAt)) {
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
