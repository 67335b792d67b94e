import {
  type DriverFault,
  KEY_END,
  type ObjectId,
  type StoredRecord,
  type Tuple,
  corrupt,
  decodeKey,
  decodeStoredValue,
  describeRecord,
  encodeKey,
  encodeStoredValue,
} from '@cairnkit/core/driver'
import { tag } from './tags.js'

export interface RecordToStore {
  readonly key: Tuple
  readonly bytes: Uint8Array
  readonly refs?: readonly ObjectId[]
}

export function encodeRecord(record: RecordToStore): Uint8Array {
  const name = encodeKey(record.key)
  const member = encodeStoredValue(name, record, 1 + name.length)
  member[0] = tag.record
  member.set(name, 1)
  return member
}

/** Throws a `corrupt` or `format` fault that names the record. */
export function decodeRecord(member: Uint8Array): StoredRecord {
  const end = member.indexOf(KEY_END)
  if (end < 0) throw damagedKey(member.subarray(1))
  const name = member.subarray(1, end + 1)
  const key = keyOf(name)
  const stored = decodeStoredValue(name, member.subarray(1 + name.length), () => describeRecord(key))
  return { key, bytes: new Uint8Array(stored.bytes), refs: stored.refs }
}

/** The fault of bytes that are no key. What can be read of them may tell an operator what they were. */
export function damagedKey(name: Uint8Array): DriverFault {
  const text = Buffer.from(name.subarray(0, 200))
    .toString('latin1')
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim()
  return corrupt(`the key of a record is damaged: it holds ${JSON.stringify(text)}`)
}

function keyOf(name: Uint8Array): string[] {
  try {
    return decodeKey(name)
  } catch {
    throw damagedKey(name)
  }
}
