import { type Tuple, afterPrefix, encodeKey, encodePrefix } from './tuple.js'

/** The encoded keys from `from` (inclusive) to `until` (exclusive); a missing `until` is open. */
export interface KeyRange {
  readonly from: Uint8Array
  readonly until: Uint8Array | undefined
}

/** The range of the keys that begin with `prefix`, including the key `prefix` itself. */
export function keysBelow(prefix: Tuple): KeyRange {
  const from = encodePrefix(prefix)
  return { from, until: afterPrefix(from) }
}

/** The range of one key. It holds no other key, because no encoded key is the start of another. */
export function keyAlone(key: Tuple): KeyRange {
  const from = encodeKey(key)
  return { from, until: afterPrefix(from) }
}

/** The range of the keys that begin with `prefix`, between bounds that are whole keys. */
export function keysBetween(bounds: { prefix: Tuple; from?: Tuple; until?: Tuple }): KeyRange {
  const below = keysBelow(bounds.prefix)
  const from = bounds.from === undefined ? below.from : encodeKey(bounds.from)
  const until = bounds.until === undefined ? below.until : encodeKey(bounds.until)
  return {
    from: isBefore(from, below.from) ? below.from : from,
    until: isBefore(below.until, until) ? below.until : until,
  }
}

/** A missing bound is open, so it lies after everything. */
function isBefore(left: Uint8Array | undefined, right: Uint8Array | undefined): boolean {
  return left !== undefined && (right === undefined || Buffer.compare(left, right) < 0)
}
