/**
 * Keys are tuples of strings. Their encoding keeps the order of the contract under a plain byte comparison:
 * element by element, by the bytes of (generalized) UTF-8, a shorter tuple before its extensions.
 *
 * Three byte values are structure: 0x00 ends a key, 0x01 ends an element, 0x02 starts an escape. The same
 * three inside an element are written as 0x02 0x03, 0x02 0x04, 0x02 0x05, so no text can cross a border.
 */

import { decodeUtf8, encodeUtf8 } from './utf8.js'

/** A key, or the first elements of keys. Any string is a legal element. */
export type Tuple = readonly string[]

/** The byte that ends a key. */
export const KEY_END = 0x00
/** The byte that ends an element of a key. */
export const ELEMENT_END = 0x01
const ESCAPE = 0x02
const ESCAPE_SHIFT = 0x03

/** Encodes the elements, each ended by 0x01: the common start of every key that begins with `tuple`. */
export function encodePrefix(tuple: Tuple): Uint8Array {
  return encode(tuple, false)
}

/** Encodes a whole key: {@link encodePrefix} and the end mark, so that no key is the start of another. */
export function encodeKey(tuple: Tuple): Uint8Array {
  return encode(tuple, true)
}

/** The length of the result of {@link encodeKey}, in bytes. */
export function encodedKeyLength(tuple: Tuple): number {
  return isPlain(tuple) ? textOf(tuple, true).length : encodeKey(tuple).length
}

/** Encodes one element as inside a key, without its end mark. */
export function encodeElement(element: string): Uint8Array {
  if (PLAIN.test(element)) return Buffer.from(element, 'latin1')
  const bytes = encodeUtf8(element)
  let escapes = 0
  for (const byte of bytes) if (byte <= ESCAPE) escapes++
  if (escapes === 0) return bytes
  const escaped = new Uint8Array(bytes.length + escapes)
  let at = 0
  for (const byte of bytes) {
    if (byte <= ESCAPE) escaped[at++] = ESCAPE
    escaped[at++] = byte <= ESCAPE ? byte + ESCAPE_SHIFT : byte
  }
  return escaped
}

/** The inverse of {@link encodeElement}. Throws a `TypeError` for bytes that are not an element. */
export function decodeElement(bytes: Uint8Array): string {
  if (!bytes.includes(ESCAPE)) return decodeUtf8(bytes)
  const plain: number[] = []
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte !== ESCAPE) {
      plain.push(byte)
      continue
    }
    const shifted = bytes[++at]
    if (shifted === undefined || shifted < ESCAPE_SHIFT || shifted > ESCAPE + ESCAPE_SHIFT) {
      throw new TypeError('An encoded key element holds an escape that was never written')
    }
    plain.push(shifted - ESCAPE_SHIFT)
  }
  return decodeUtf8(Uint8Array.from(plain))
}

/** The inverse of {@link encodeKey}. Throws a `TypeError` for bytes that are not a key. */
export function decodeKey(bytes: Uint8Array): string[] {
  if (bytes.at(-1) !== KEY_END) throw new TypeError('An encoded key has no end mark')
  const tuple: string[] = []
  let from = 0
  while (from < bytes.length - 1) {
    const end = bytes.indexOf(ELEMENT_END, from)
    if (end < 0) throw new TypeError('An encoded key has an element without an end mark')
    tuple.push(decodeElement(bytes.subarray(from, end)))
    from = end + 1
  }
  return tuple
}

/** Returns the smallest byte string that is greater than all that start with `prefix`; `undefined` if there is none. */
export function afterPrefix(prefix: Uint8Array): Uint8Array | undefined {
  let length = prefix.length
  while (length > 0 && prefix[length - 1] === 0xff) length--
  if (length === 0) return undefined
  // Not `slice`: that of a Buffer is a view.
  const next = Uint8Array.from(prefix.subarray(0, length))
  next[length - 1] = (next[length - 1] as number) + 1
  return next
}

/** Compares two tuples in the key order of the contract: negative, 0 or positive. */
export function compareTuples(left: Tuple, right: Tuple): number {
  return Buffer.compare(encodeKey(left), encodeKey(right))
}

/** Returns the least string that sorts after `element`: the half-open bounds `[x, successor(x))` hold exactly `x`. */
export function successor(element: string): string {
  return `${element}\0`
}

/** Printable ASCII, which is its own encoding: one byte for each character, none of them structure. */
const PLAIN = /^[ -~]*$/

const endMark = String.fromCharCode(ELEMENT_END)
const keyEnd = String.fromCharCode(KEY_END)

function isPlain(tuple: Tuple): boolean {
  for (const element of tuple) if (!PLAIN.test(element)) return false
  return true
}

/** The encoding of a tuple of plain elements, as text. */
function textOf(tuple: Tuple, whole: boolean): string {
  let text = ''
  for (const element of tuple) text += element + endMark
  return whole ? text + keyEnd : text
}

function encode(tuple: Tuple, whole: boolean): Uint8Array {
  // Nearly every key: one call in the place of one for each element.
  if (isPlain(tuple)) return Buffer.from(textOf(tuple, whole), 'latin1')
  const elements = tuple.map(encodeElement)
  let length = elements.length + (whole ? 1 : 0)
  for (const element of elements) length += element.length
  const bytes = new Uint8Array(length)
  let at = 0
  for (const element of elements) {
    bytes.set(element, at)
    at += element.length
    bytes[at++] = ELEMENT_END
  }
  if (whole) bytes[at] = KEY_END
  return bytes
}
