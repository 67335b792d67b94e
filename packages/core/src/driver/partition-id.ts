/**
 * A partition is named by one or more strings. Its id is those strings percent-encoded and joined by `:`,
 * so that ids are printable, never empty, free of braces and glob borders, and one id has one source.
 */

import { decodeUtf8, encodeUtf8, isWellFormed } from './utf8.js'

/** An encoded partition name, as {@link encodePartitionId} makes it. Drivers treat it as opaque text. */
export type PartitionId = string

const EMPTY_PART = '%'

/** Encodes the parts of a name as an id. Every string is a legal part; an empty one is written as `%`. */
export function encodePartitionId(parts: readonly string[]): PartitionId {
  return parts.map(encodePart).join(':')
}

/** Decodes an id into the parts of its name. Throws a `TypeError` for text that is not a partition id. */
export function decodePartitionId(id: PartitionId): string[] {
  return id.split(':').map(decodePart)
}

function encodePart(part: string): string {
  if (part === '') return EMPTY_PART
  if (isWellFormed(part)) return encodeURIComponent(part)
  let encoded = ''
  for (const character of part) {
    encoded += isWellFormed(character) ? encodeURIComponent(character) : percentEncode(encodeUtf8(character))
  }
  return encoded
}

function percentEncode(bytes: Uint8Array): string {
  let encoded = ''
  for (const byte of bytes) encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  return encoded
}

function decodePart(encoded: string): string {
  if (encoded === EMPTY_PART) return ''
  const bytes: number[] = []
  for (let at = 0; at < encoded.length; at++) {
    if (encoded[at] !== '%') {
      bytes.push(encoded.charCodeAt(at))
      continue
    }
    const hex = encoded.slice(at + 1, at + 3)
    if (!/^[0-9A-F]{2}$/.test(hex)) throw new TypeError(`Not a partition id: ${JSON.stringify(encoded)}`)
    bytes.push(Number.parseInt(hex, 16))
    at += 2
  }
  const part = decodeUtf8(Uint8Array.from(bytes))
  if (encodePart(part) !== encoded) throw new TypeError(`Not a partition id: ${JSON.stringify(encoded)}`)
  return part
}
