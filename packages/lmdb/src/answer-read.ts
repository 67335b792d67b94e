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
  encodeKey,
  keysBelow,
  keysBetween,
  namesBelow,
  objectsRead,
} from '@cairnkit/core/driver'
import type { StoredPartition } from './stored-partition.js'

export function answerRead(
  partition: StoredPartition,
  read: Read,
  now: number,
  known: ReadonlySet<ObjectId>,
): ReadResult {
  const { type } = read
  const get: GetObject = (id) => partition.object(id)
  const objects = (records: readonly StoredRecord[], follow = 'none'): ObjectMap =>
    follow === 'all' ? closureOf({ records }, known, get) : new Map()
  switch (type) {
    case 'get': {
      const record = partition.record(encodeKey(read.key))
      return { type, record, objects: objects(record ? [record] : [], read.follow) }
    }
    case 'range': {
      const records = take(partition.records(keysBetween(read), read.reverse), read.limit)
      return { type, records, objects: objects(records, read.follow) }
    }
    case 'groups': {
      const groups = groupsOf(partition, read)
      const records = groups.flatMap(({ record, members }) => (record ? [record, ...members] : members))
      return { type, groups, objects: objects(records, read.follow) }
    }
    case 'names':
      return { type, names: take(namesBelow(read, partition.keyAt), read.limit) }
    case 'count': {
      let count = 0
      for (const _ of partition.keys(keysBelow(read.prefix))) count++
      return { type, count }
    }
    case 'objects':
      return { type, objects: objectsRead(read, known, get) }
    case 'info':
      return {
        type,
        epoch: partition.epoch,
        ttlMs: partition.expiresAt === null ? null : partition.expiresAt - now,
        records: partition.recordCount,
        objects: partition.objectCount,
        dropped: partition.droppedUntil !== null,
      }
    case 'time':
      return { type, nowMs: Math.floor(now) }
  }
}

function groupsOf(partition: StoredPartition, read: GroupsRead): Group[] {
  const groups: Group[] = []
  if (read.limit === 0) return groups
  for (const element of namesBelow(read, partition.keyAt)) {
    const group = groupOf(partition, read, element)
    if (group !== undefined) groups.push(group)
    if (groups.length === read.limit) break
  }
  return groups
}

function groupOf(partition: StoredPartition, read: GroupsRead, element: string): Group | undefined {
  const own: Tuple = [...read.prefix, element]
  const hasOwn = partition.hasRecord(encodeKey(own))
  if (!hasOwn && read.orphans !== true) return undefined
  const records = [...partition.records(keysBelow(own))]
  return { element, record: hasOwn ? records[0] : undefined, members: hasOwn ? records.slice(1) : records }
}

function take<T>(items: Iterable<T>, limit = Number.POSITIVE_INFINITY): T[] {
  const taken: T[] = []
  if (limit === 0) return taken
  for (const item of items) {
    taken.push(item)
    if (taken.length >= limit) break
  }
  return taken
}
