import type { ObjectId, StoredRecord } from '@cairnkit/core'
import { WRITES_IDX_MAP, compareWritesSortKeys, writesSortKey } from '@langchain/langgraph-checkpoint'
import { parseWriteKey } from './keys.js'
import { decodeSections, encodeSections } from './sections.js'
import { type StoredPlace, corruptError, storedDataError } from './stored-data-error.js'

/** A pending write as it is stored; its value is an object. */
export interface WriteRecord {
  readonly taskId: string
  readonly index: number
  readonly channel: string
  /** Orders the writes of one superstep; it does not identify them. */
  readonly taskPath: string
  readonly valueId: ObjectId
}

interface Header {
  /** Channel. */
  readonly c: string
  /** Task path, left out when it is empty. */
  readonly p?: string
}

/**
 * The index under which a write is stored: a special channel has a negative one of its own, and its last write counts;
 * any other write is known by its position in its call, and the first one counts.
 */
export function writeIndex(channel: string, position: number): number {
  return Object.hasOwn(WRITES_IDX_MAP, channel) ? (WRITES_IDX_MAP[channel] as number) : position
}

export function encodeWriteRecord(write: Pick<WriteRecord, 'channel' | 'taskPath'>): Uint8Array {
  const header: Header = { c: write.channel, ...(write.taskPath === '' ? {} : { p: write.taskPath }) }
  return encodeSections(header, [])
}

/** Throws a `StorageError` with code `corrupt` or `format`. */
export function decodeWriteRecord(stored: StoredRecord, place: StoredPlace): WriteRecord {
  const decoded = decodeSections(stored.bytes)
  if (!decoded.ok) throw storedDataError(place, decoded.fault)
  const header = decoded.header as Partial<Header> | null
  const key = parseWriteKey(stored.key)
  const [valueId] = stored.refs
  if (typeof header?.c !== 'string' || key === undefined || valueId === undefined) {
    throw corruptError(place, 'has a pending write that is damaged')
  }
  return { ...key, channel: header.c, taskPath: header.p ?? '', valueId }
}

/** The order in which a superstep applies its writes. */
export function compareWrites(left: WriteRecord, right: WriteRecord): number {
  return compareWritesSortKeys(sortKey(left), sortKey(right))
}

function sortKey(write: WriteRecord): ReturnType<typeof writesSortKey> {
  return writesSortKey(write.taskPath, write.taskId, write.index)
}
