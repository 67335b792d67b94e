/** Bounds of `ZRANGE ... BYLEX`: a mark and the start of members. */

import {
  ELEMENT_END,
  type ObjectId,
  type Tuple,
  encodeElement,
  encodeKey,
  encodePrefix,
} from '@cairnkit/core/driver'
import { concatBytes } from './bytes.js'
import { ABOVE, tag } from './tags.js'

export interface Bounds {
  readonly lower: Uint8Array
  readonly upper: Uint8Array
}

const INCLUSIVE = 0x5b
const EXCLUSIVE = 0x28

/** The tag and the encoded key: the start of one record, and of nothing else. */
export function recordName(key: Tuple): Uint8Array {
  return concatBytes(tag.record, encodeKey(key))
}

/** The tag and the encoded prefix: the start of all records below it. */
export function recordPrefix(prefix: Tuple): Uint8Array {
  return concatBytes(tag.record, encodePrefix(prefix))
}

/** The records whose keys begin with `prefix` and lie in `[from, until)`. */
export function recordBounds(range: {
  readonly prefix: Tuple
  readonly from?: Tuple
  readonly until?: Tuple
}): Bounds {
  const lowest = recordPrefix(range.prefix)
  const highest = concatBytes(lowest, ABOVE)
  const from = range.from === undefined ? lowest : recordName(range.from)
  const until = range.until === undefined ? highest : recordName(range.until)
  return {
    lower: concatBytes(INCLUSIVE, Buffer.compare(from, lowest) > 0 ? from : lowest),
    upper: concatBytes(EXCLUSIVE, Buffer.compare(until, highest) < 0 ? until : highest),
  }
}

/** The records below `prefix`, without the one at `prefix` itself, whose next element lies in `[from, until)`. */
export function groupBounds(range: {
  readonly prefix: Tuple
  readonly from?: string
  readonly until?: string
}): Bounds {
  const start = recordPrefix(range.prefix)
  return {
    // The least element is the empty one.
    lower: concatBytes(INCLUSIVE, start, encodeElement(range.from ?? ''), ELEMENT_END),
    upper:
      range.until === undefined
        ? concatBytes(EXCLUSIVE, start, ABOVE)
        : concatBytes(EXCLUSIVE, start, encodeElement(range.until), ELEMENT_END),
  }
}

/** The one object of this id. */
export function objectBounds(id: ObjectId): Bounds {
  return startingWith(concatBytes(tag.object, Buffer.from(id, 'hex')))
}

/** The one part that has this name, a token or the id of its object, and this number. */
export function partBounds(name: Uint8Array, number: number): Bounds {
  const part = Buffer.alloc(4)
  part.writeUInt32BE(number)
  // The next number, and not 0xff: what follows a part number is any byte.
  const next = Buffer.alloc(4)
  next.writeUInt32BE(number + 1)
  return {
    lower: concatBytes(INCLUSIVE, tag.part, name, part),
    upper: concatBytes(EXCLUSIVE, tag.part, name, next),
  }
}

function startingWith(name: Uint8Array): Bounds {
  return { lower: concatBytes(INCLUSIVE, name), upper: concatBytes(EXCLUSIVE, name, ABOVE) }
}
