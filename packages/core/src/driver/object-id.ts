import { hash } from 'node:crypto'

/** 32 lower-case hex digits: the first 128 bits of SHA-256 over the references and the bytes. */
export type ObjectId = string

const OBJECT_ID = /^[0-9a-f]{32}$/

/** The size of an id that is stored as bytes. */
export const OBJECT_ID_BYTES = 16

const COUNT_BYTES = 4

/** Whether `value` is text in the form of an object id. */
export function isObjectId(value: unknown): value is ObjectId {
  return typeof value === 'string' && OBJECT_ID.test(value)
}

/**
 * Returns the id of an object: a hash of its content. The bytes include the kind of the value, so equal ids mean equal values.
 *
 * With 128 bits, a chance collision becomes likely only with 2^64 objects in one thread.
 */
export function objectId(bytes: Uint8Array, refs: readonly ObjectId[] = []): ObjectId {
  // The count separates references from bytes: without it, bytes that look like an id could be either.
  const bytesFrom = COUNT_BYTES + refs.length * OBJECT_ID_BYTES
  const named = Buffer.allocUnsafe(bytesFrom + bytes.length)
  named.writeUInt32BE(refs.length, 0)
  for (let at = 0; at < refs.length; at++) {
    named.write(refs[at] as ObjectId, COUNT_BYTES + at * OBJECT_ID_BYTES, OBJECT_ID_BYTES, 'hex')
  }
  named.set(bytes, bytesFrom)
  return hash('sha256', named, 'hex').slice(0, OBJECT_ID_BYTES * 2)
}
