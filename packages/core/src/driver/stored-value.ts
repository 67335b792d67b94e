/**
 * How a record or an object is written where the storage keeps plain bytes.
 *
 * | bytes | meaning |
 * |---|---|
 * | 1 | format version: 1, or what the storage makes of it where it keeps the bytes in another way |
 * | 4 | CRC-32 of the name (key or id) and all that follows |
 * | 4 | how many references |
 * | 16 each | references |
 * | rest | the bytes of the value |
 *
 * Numbers are big-endian. The checksum covers the name, so a value that was moved under another name is noticed.
 */

import { crc32 } from 'node:zlib'
import { DriverFault, corrupt } from './driver-fault.js'
import { OBJECT_ID_BYTES, type ObjectId } from './object-id.js'

/** The newest format version of a stored value that this code writes and reads. */
export const FORMAT_VERSION = 1
/** The size of a stored value without its references and bytes. */
export const HEADER_BYTES = 9

/**
 * Encodes a value. `head` bytes are left free in front, for the caller's key. The result is part of Node's pool of buffers, so
 * use it for sending and comparing: keeping it keeps the whole pool.
 */
export function encodeStoredValue(
  name: Uint8Array,
  value: { readonly bytes: Uint8Array; readonly refs?: readonly ObjectId[] | undefined },
  head = 0,
  format: number = FORMAT_VERSION,
): Uint8Array {
  const refs = value.refs ?? []
  const stored = Buffer.allocUnsafe(head + HEADER_BYTES + refs.length * OBJECT_ID_BYTES + value.bytes.length)
  stored[head] = format
  stored.writeUInt32BE(refs.length, head + 5)
  let at = head + HEADER_BYTES
  for (const ref of refs) at += stored.write(ref, at, 'hex')
  stored.set(value.bytes, at)
  stored.writeUInt32BE(checksum(name, stored.subarray(head + 5)), head + 1)
  return stored
}

/**
 * Decodes a value. Throws a `corrupt` or `format` fault; `what` names the value in its message. `format` is the version that the
 * value must have.
 */
export function decodeStoredValue(
  name: Uint8Array,
  stored: Uint8Array,
  what: () => string,
  format: number = FORMAT_VERSION,
): { bytes: Uint8Array; refs: ObjectId[] } {
  const view = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength)
  const version = view[0]
  if (version !== undefined && version > format) {
    throw new DriverFault(
      { code: 'format', disposition: 'permanent' },
      `${what()} has format ${version}, and this version knows formats up to ${format}`,
    )
  }
  if (version !== format || view.length < HEADER_BYTES) throw corrupt(`${what()} is damaged`)
  const bytesFrom = HEADER_BYTES + view.readUInt32BE(5) * OBJECT_ID_BYTES
  if (bytesFrom > view.length || view.readUInt32BE(1) !== checksum(name, view.subarray(5))) {
    throw corrupt(`${what()} is damaged: its checksum does not match`)
  }
  const refs: ObjectId[] = []
  for (let at = HEADER_BYTES; at < bytesFrom; at += OBJECT_ID_BYTES)
    refs.push(view.toString('hex', at, at + OBJECT_ID_BYTES))
  return { bytes: stored.subarray(bytesFrom), refs }
}

/** The size of the bytes of a stored value, without its references, as its header says. Checks nothing; never less than 0. */
export function sizeOfStoredValue(stored: Uint8Array): number {
  if (stored.length < HEADER_BYTES) return 0
  const view = new DataView(stored.buffer, stored.byteOffset, stored.byteLength)
  return Math.max(0, stored.length - HEADER_BYTES - view.getUint32(5) * OBJECT_ID_BYTES)
}

function checksum(name: Uint8Array, rest: Uint8Array): number {
  return crc32(rest, crc32(name))
}
