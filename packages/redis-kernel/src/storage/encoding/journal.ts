/**
 * The journal of a commit that has too many mutations for one script: each an entry, in their order. The letters are those of
 * `apply.lua`.
 */

import { OBJECT_ID_BYTES } from '@cairnkit/core/driver'
import { concatBytes } from './bytes.js'
import { encodeNumber } from './stage-token.js'
import { tag } from './tags.js'

export function encodeJournalEntry(
  token: Uint8Array,
  number: number,
  letter: string,
  args: readonly Uint8Array[],
): Uint8Array {
  return concatBytes(tag.journal, token, encodeNumber(number), letter.charCodeAt(0), ...args)
}

/** Says of a journal that it waits for its commit. */
export function encodeJournalNote(token: Uint8Array): Uint8Array {
  return concatBytes(tag.note, token, new Uint8Array(OBJECT_ID_BYTES))
}

/** Two bounds as one argument: the length of the first one, and both. */
export function encodeBoundsPair(lower: Uint8Array, upper: Uint8Array): Uint8Array {
  return concatBytes(encodeNumber(lower.length), lower, upper)
}
