import type { ObjectId, StoredRecord } from '@cairnkit/core'
import { WRITES_IDX_MAP, compareWritesSortKeys, writesSortKey } from '@langchain/langgraph-checkpoint'
import type { ValueRef } from '../engine/fragments/value-ref.js'
import { parseWriteKey } from './keys.js'
import { EnvelopeWriter, type ValueRefHeader, openEnvelope } from './record-envelope.js'
import { type StoredPlace, corruptError, partOf, storedDataError } from './stored-data-error.js'

/** A pending write as it is stored. */
export interface WriteRecord {
  readonly taskId: string
  readonly index: number
  readonly channel: string
  /** Orders the writes of one superstep; it does not identify them. */
  readonly taskPath: string
  readonly value: ValueRef
}

interface Header {
  /** Channel. */
  readonly c: string
  /** Task path, left out when it is empty. */
  readonly p?: string
  /** Where the value is. */
  readonly s: ValueRefHeader
}

/**
 * The index under which a write is stored: a special channel has a negative one of its own, and its last write counts;
 * any other write is known by its position in its call, and the first one counts.
 */
export function writeIndex(channel: string, position: number): number {
  return Object.hasOwn(WRITES_IDX_MAP, channel) ? (WRITES_IDX_MAP[channel] as number) : position
}

/** `partition`: where the record is going to be stored. */
export function encodeWriteRecord(
  write: Pick<WriteRecord, 'channel' | 'taskPath' | 'value'>,
  partition: string,
): {
  readonly bytes: Uint8Array
  readonly refs: readonly ObjectId[]
} {
  const envelope = new EnvelopeWriter()
  const header: Header = {
    c: write.channel,
    ...(write.taskPath === '' ? {} : { p: write.taskPath }),
    s: envelope.valueRef(write.value),
  }
  return envelope.finish(header, partition)
}

/** Throws a `StorageError` with code `corrupt` or `format`. */
export function decodeWriteRecord(stored: StoredRecord, place: StoredPlace): WriteRecord {
  const envelope = openEnvelope(stored, place.partition)
  if (!envelope.ok) throw storedDataError(partOf(place, 'a pending write'), envelope.fault)
  const {
    c: channel,
    p: taskPath = '',
    s,
  } = (envelope.header ?? {}) as Partial<Record<keyof Header, unknown>>
  const key = parseWriteKey(stored.key)
  const value = envelope.valueRef(s)
  if (
    typeof channel !== 'string' ||
    typeof taskPath !== 'string' ||
    key === undefined ||
    value === undefined
  ) {
    throw corruptError(place, 'has a pending write that is damaged')
  }
  return { ...key, channel, taskPath, value }
}

/** The order in which a superstep applies its writes. */
export function compareWrites(left: WriteRecord, right: WriteRecord): number {
  return compareWritesSortKeys(sortKey(left), sortKey(right))
}

function sortKey(write: WriteRecord): ReturnType<typeof writesSortKey> {
  return writesSortKey(write.taskPath, write.taskId, write.index)
}
