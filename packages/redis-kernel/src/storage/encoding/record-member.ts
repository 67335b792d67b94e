import {
  type DriverFault,
  FORMAT_VERSION,
  KEY_END,
  OBJECT_ID_BYTES,
  type ObjectId,
  type Tuple,
  corrupt,
  decodeKey,
  decodeStoredValue,
  describeRecord,
  encodeKey,
  encodeStoredValue,
} from '@cairnkit/core/driver'
import { concatBytes } from './bytes.js'
import { type SplitMarker, decodeRecordMarker, encodeParts, encodeRecordMarker } from './split-value.js'
import { TOKEN_BYTES } from './stage-token.js'
import { tag } from './tags.js'

/** The format of a record whose bytes lie in parts. */
const SPLIT_FORMAT = FORMAT_VERSION + 1

export interface RecordToStore {
  readonly key: Tuple
  readonly bytes: Uint8Array
  readonly refs?: readonly ObjectId[]
}

/** A record whose bytes lie in parts of their own. */
interface SplitRecord {
  readonly member: Uint8Array
  readonly parts: readonly Uint8Array[]
}

/** What the `r` member of a record says. */
interface FoundRecord {
  /** Where it is split, without its bytes: whoever has joined the parts sets them. */
  readonly record: { readonly key: Tuple; bytes: Uint8Array; readonly refs: readonly ObjectId[] }
  readonly split: SplitMarker | undefined
}

export function encodeRecord(record: RecordToStore): Uint8Array {
  return encode(record, record.bytes, FORMAT_VERSION)
}

export function encodeSplitRecord(
  record: RecordToStore,
  token: Uint8Array,
  maxPartBytes: number,
): SplitRecord {
  const parts = encodeParts(token, record.bytes, maxPartBytes)
  const marker = encodeRecordMarker(token, record.bytes, parts.length)
  return { member: encode(record, marker, SPLIT_FORMAT), parts }
}

/** What a large record is compared with: its length and its digest count, and not where its parts are. */
export function encodeExpectedSplit(record: RecordToStore): Uint8Array {
  return encode(record, encodeRecordMarker(new Uint8Array(TOKEN_BYTES), record.bytes, 0), SPLIT_FORMAT)
}

/** Says of parts that they wait for the commit of this record. */
export function encodeRecordNote(token: Uint8Array, key: Tuple): Uint8Array {
  return concatBytes(tag.note, token, new Uint8Array(OBJECT_ID_BYTES).fill(0xff), encodeKey(key))
}

/** Throws a `corrupt` or `format` fault that names the record. */
export function decodeRecord(member: Uint8Array): FoundRecord {
  const end = member.indexOf(KEY_END)
  if (end < 0) throw damagedKey(member.subarray(1))
  const name = member.subarray(1, end + 1)
  const key = keyOf(name)
  const what = (): string => describeRecord(key)
  const value = member.subarray(1 + name.length)
  const format = (value[0] ?? 0) > FORMAT_VERSION ? SPLIT_FORMAT : FORMAT_VERSION
  const { bytes, refs } = decodeStoredValue(name, value, what, format)
  if (format === FORMAT_VERSION)
    return { record: { key, bytes: new Uint8Array(bytes), refs }, split: undefined }
  return { record: { key, bytes: new Uint8Array(), refs }, split: decodeRecordMarker(bytes, what) }
}

/** The fault of bytes that are no key. What can be read of them may tell an operator what they were. */
export function damagedKey(name: Uint8Array): DriverFault {
  const text = Buffer.from(name.subarray(0, 200))
    .toString('latin1')
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim()
  return corrupt(`the key of a record is damaged: it holds ${JSON.stringify(text)}`)
}

function encode(record: RecordToStore, bytes: Uint8Array, format: number): Uint8Array {
  const name = encodeKey(record.key)
  const member = encodeStoredValue(name, { bytes, refs: record.refs }, 1 + name.length, format)
  member[0] = tag.record
  member.set(name, 1)
  return member
}

function keyOf(name: Uint8Array): string[] {
  try {
    return decodeKey(name)
  } catch {
    throw damagedKey(name)
  }
}
