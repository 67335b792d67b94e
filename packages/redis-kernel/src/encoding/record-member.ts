import {
  KEY_END,
  type ObjectId,
  type StoredRecord,
  type Tuple,
  corrupt,
  decodeKey,
  decodeStoredValue,
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
  const name = member.subarray(1, member.indexOf(KEY_END) + 1)
  const key = keyOf(name)
  const stored = decodeStoredValue(name, member.subarray(1 + name.length), () => describeRecord(key))
  return { key, bytes: new Uint8Array(stored.bytes), refs: stored.refs }
}

/** A record as messages name it. */
export function describeRecord(key: Tuple): string {
  const text = JSON.stringify(key)
  return `the record ${text.length <= 200 ? text : `${text.slice(0, 200)}…`}`
}

function keyOf(name: Uint8Array): string[] {
  try {
    return decodeKey(name)
  } catch {
    // Nothing more is known: whatever it was, these bytes are no key.
    throw corrupt('the key of a record is damaged')
  }
}
