import type { Group, Keyspace, ObjectId, ObjectMap, StoredRecord } from '@cairnkit/core'
import { refsOfValue } from '../../engine/fragments/value-ref.js'
import type { DecodedObject } from '../../engine/objects/decoded-object.js'
import type { ObjectCache } from '../../engine/objects/object-cache.js'
import { ObjectView } from '../../engine/objects/object-view.js'
import { type CheckpointRecord, decodeCheckpointRecord } from '../../records/checkpoint-record.js'
import { type HeadMove, lastMoveOf } from '../../records/head-move.js'
import { parseRecordKey } from '../../records/keys.js'
import { type StoredPlace, corruptError, placeOf } from '../../records/stored-data-error.js'
import { type WriteRecord, compareWrites, decodeWriteRecord } from '../../records/write-record.js'
import { readFailure } from './read-failure.js'

/** A checkpoint with its pending writes as one read returned them. The values are not made yet. */
export interface StoredCheckpoint {
  readonly threadId: string
  readonly namespace: string
  readonly id: string
  readonly record: CheckpointRecord
  readonly writes: readonly WriteRecord[]
  /** Of the one with the largest id of its namespace: what makes another one the head. */
  readonly move: HeadMove | undefined
  readonly view: ObjectView
  readonly place: StoredPlace
  /** About what it takes to keep it, with its part of what came with it. */
  readonly costBytes: number
}

/** Of whom a read was asked: what opens the answer. */
export interface Opener {
  readonly threads: Keyspace
  readonly cache: ObjectCache
  /** What the storage was told not to send. */
  readonly held: ReadonlyMap<ObjectId, DecodedObject>
}

/** How much more it takes to keep what was read than to store it. */
const KEPT_FACTOR = 2

function sumOfBytes(items: Iterable<{ readonly bytes: Uint8Array }>): number {
  let sum = 0
  for (const { bytes } of items) sum += bytes.length
  return sum
}

/** Reads the records of groups that came with one answer. */
export function openGroups(
  { threads, cache, held }: Opener,
  threadId: string,
  namespace: string,
  answer: { readonly groups: readonly Group[]; readonly objects: ObjectMap },
): StoredCheckpoint[] {
  const view = new ObjectView(cache, answer.objects, held)
  const shareBytes = sumOfBytes(answer.objects.values()) / Math.max(1, answer.groups.length)
  return answer.groups.map((group) => {
    const place = placeOf(threads, threadId, namespace, group.element)
    if (group.record === undefined) throw corruptError(place, 'has pending writes and no record of its own')
    const record = decodeCheckpointRecord(group.record, place)
    return {
      threadId,
      namespace,
      id: group.element,
      record,
      writes: openWrites(
        group.members.filter(({ key }) => parseRecordKey(key).kind !== 'head move'),
        place,
      ),
      move: lastMoveOf(group.members, place),
      view,
      place,
      costBytes: KEPT_FACTOR * (sumOfBytes([group.record, ...group.members]) + shareBytes),
    }
  })
}

export function openWrites(members: readonly StoredRecord[], place: StoredPlace): WriteRecord[] {
  return members.map((member) => decodeWriteRecord(member, place)).sort(compareWrites)
}

/** The objects that a checkpoint reaches and that are not at hand. Throws a `StorageError` for one that is damaged. */
export function missingFrom(stored: StoredCheckpoint): ObjectId[] {
  try {
    return stored.view.missingFrom(rootsOf(stored))
  } catch (cause) {
    throw readFailure(stored.place, cause)
  }
}

/** The objects that a checkpoint and its writes refer to directly. */
export function rootsOf(stored: StoredCheckpoint): ObjectId[] {
  const { record, writes } = stored
  return [
    ...record.checkpoint.refs,
    ...record.metadata.refs,
    ...[...record.manifest.values()].flatMap(refsOfValue),
    ...writes.flatMap((write) => refsOfValue(write.value)),
  ]
}
