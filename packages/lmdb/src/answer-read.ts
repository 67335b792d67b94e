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
  encodeKey,
  encodePrefix,
} from '@cairnkit/core/driver'
import { closureOf } from './closure.js'
import { keysBelow, keysBetween } from './key-range.js'
import { type StoredPartition, keyOf } from './stored-partition.js'

export function answerRead(
  partition: StoredPartition,
  read: Read,
  now: number,
  known: ReadonlySet<ObjectId>,
): ReadResult {
  const { type } = read
  const objects = (records: readonly StoredRecord[], follow = 'none'): ObjectMap =>
    follow === 'all' ? closureOf(partition, { records }, known) : new Map()
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
      return { type, names: take(namesOf(partition, read), read.limit) }
    case 'count': {
      let count = 0
      for (const _ of partition.keys(keysBelow(read.prefix))) count++
      return { type, count }
    }
    case 'objects':
      return { type, objects: objectsOf(partition, read, known) }
    case 'info':
      return {
        type,
        epoch: partition.epoch,
        ttlMs: partition.expiresAt === null ? null : partition.expiresAt - now,
        records: partition.recordCount,
        objects: partition.objectCount,
        dropped: partition.droppedUntil !== null,
      }
  }
}

function groupsOf(partition: StoredPartition, read: GroupsRead): Group[] {
  const groups: Group[] = []
  if (read.limit === 0) return groups
  for (const element of namesOf(partition, read)) {
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

/** The distinct elements that follow the prefix, at the cost of one seek each. */
export function* namesOf(partition: StoredPartition, read: GroupsRead | NamesRead): Generator<string> {
  const { prefix, reverse } = read
  // The empty element is the least, so this leaves out the key that is exactly the prefix.
  let from = encodePrefix([...prefix, read.from ?? ''])
  let until = read.until === undefined ? keysBelow(prefix).until : encodePrefix([...prefix, read.until])
  for (;;) {
    const [next] = partition.keys({ from, until }, reverse)
    if (next === undefined) return
    const key = keyOf(next)
    yield key[prefix.length] as string
    const group = keysBelow(key.slice(0, prefix.length + 1))
    if (reverse === true) until = group.from
    else from = group.until ?? from
  }
}

function objectsOf(
  partition: StoredPartition,
  { ids, follow }: ObjectsRead,
  known: ReadonlySet<ObjectId>,
): ObjectMap {
  if (follow === 'all') return closureOf(partition, { ids }, known)
  const found = new Map<ObjectId, StoredObject>()
  for (const id of ids) {
    const object = known.has(id) ? undefined : partition.object(id)
    if (object !== undefined) found.set(id, object)
  }
  return found
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
