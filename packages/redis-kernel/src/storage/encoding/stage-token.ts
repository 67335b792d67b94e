/**
 * What belongs to one commit is named by tokens that begin alike: 6 bytes of time in milliseconds, so that what is abandoned
 * is known by its age; 6 random ones; and 4 of a number, which never begins with 0xff.
 */

import { randomFillSync } from 'node:crypto'
import { concatBytes } from './bytes.js'

export const TOKEN_BYTES = 16
const TIME_BYTES = 6
const PREFIX_BYTES = 12

/** Above the numbers of all objects. */
export const JOURNAL_NUMBER = 0xfe00_0000

export function encodeTime(ms: number): Uint8Array {
  const time = Buffer.alloc(TIME_BYTES)
  time.writeUIntBE(Math.max(0, ms), 0, TIME_BYTES)
  return time
}

export function newTokenPrefix(ms: number): Uint8Array {
  const prefix = new Uint8Array(PREFIX_BYTES)
  prefix.set(encodeTime(ms))
  return randomFillSync(prefix, TIME_BYTES)
}

export function stageToken(prefix: Uint8Array, number: number): Uint8Array {
  return concatBytes(prefix, encodeNumber(number))
}

/** 4 bytes. */
export function encodeNumber(number: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(number)
  return bytes
}
