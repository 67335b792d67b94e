/**
 * A large value is split, because a script copies every argument and every reply: the member of the object or the record has
 * the references and a marker where the bytes would be, and parts hold the bytes.
 *
 * | bytes of the marker | meaning |
 * |---|---|
 * | 4 | how many parts |
 * | 4 | how many bytes they have together |
 * | 4 | CRC-32 of those bytes |
 * | 16 | the token that the parts are named by; missing where they are named by the id of an object, as they once were |
 * | 40 | of a record: SHA-1 of those bytes in hex, by which a script tells whether they are those that a check expects |
 *
 * A token is of one attempt to store the value, so no two writers of it touch each other's parts.
 */

import { hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { corrupt } from '@cairnkit/core/driver'
import { concatBytes, viewOf } from './bytes.js'
import { TOKEN_BYTES } from './stage-token.js'
import { tag } from './tags.js'

export interface SplitMarker {
  readonly parts: number
  readonly length: number
  readonly checksum: number
  /** Of the parts; `undefined` where they are named by the id of an object. */
  readonly token: Uint8Array | undefined
}

const OLD_MARKER_BYTES = 12
const MARKER_BYTES = OLD_MARKER_BYTES + TOKEN_BYTES
const DIGEST_BYTES = 40
const BYTES_FROM = 1 + TOKEN_BYTES + 4

export function encodeMarker(token: Uint8Array, bytes: Uint8Array, parts: number): Uint8Array {
  const marker = Buffer.alloc(MARKER_BYTES)
  marker.set(token, OLD_MARKER_BYTES)
  marker.writeUInt32BE(parts, 0)
  marker.writeUInt32BE(bytes.length, 4)
  marker.writeUInt32BE(crc32(bytes), 8)
  return marker
}

export function encodeRecordMarker(token: Uint8Array, bytes: Uint8Array, parts: number): Uint8Array {
  return concatBytes(encodeMarker(token, bytes, parts), Buffer.from(hash('sha1', bytes, 'hex')))
}

/** Throws a `corrupt` fault; `what` names the record in its message. */
export function decodeRecordMarker(bytes: Uint8Array, what: () => string): SplitMarker {
  if (bytes.length !== MARKER_BYTES + DIGEST_BYTES) throw corrupt(`the head of ${what()} is damaged`)
  return decodeMarker(bytes.subarray(0, MARKER_BYTES), what)
}

/** Throws a `corrupt` fault; `what` names the object in its message. */
export function decodeMarker(bytes: Uint8Array, what: () => string): SplitMarker {
  if (bytes.length !== MARKER_BYTES && bytes.length !== OLD_MARKER_BYTES)
    throw corrupt(`the head of ${what()} is damaged`)
  const marker = viewOf(bytes)
  return {
    parts: marker.readUInt32BE(0),
    length: marker.readUInt32BE(4),
    checksum: marker.readUInt32BE(8),
    token: bytes.length === MARKER_BYTES ? new Uint8Array(bytes.subarray(OLD_MARKER_BYTES)) : undefined,
  }
}

/** Copies. */
export function encodeParts(token: Uint8Array, bytes: Uint8Array, maxPartBytes: number): Uint8Array[] {
  const parts: Uint8Array[] = []
  for (let from = 0; from < bytes.length; from += maxPartBytes) {
    const slice = bytes.subarray(from, from + maxPartBytes)
    const part = Buffer.allocUnsafeSlow(BYTES_FROM + slice.length)
    part[0] = tag.part
    part.set(token, 1)
    part.writeUInt32BE(parts.length, 1 + TOKEN_BYTES)
    part.set(slice, BYTES_FROM)
    parts.push(part)
  }
  return parts
}

/** The bytes of a split value, `undefined` if the parts are not those that the marker speaks of. */
export function joinParts(marker: SplitMarker, parts: readonly Uint8Array[]): Uint8Array | undefined {
  const bytes = new Uint8Array(marker.length)
  let at = 0
  for (const part of parts) {
    const slice = part.subarray(BYTES_FROM)
    if (at + slice.length > bytes.length) return undefined
    bytes.set(slice, at)
    at += slice.length
  }
  return at === bytes.length && crc32(bytes) === marker.checksum ? bytes : undefined
}
