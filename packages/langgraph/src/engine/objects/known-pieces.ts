import type { ObjectId } from '@cairnkit/core'
import { hashOf } from '../messages/cut-hash.js'
import type { KnownIndex, KnownPack, KnownPiece } from '../messages/known-piece.js'
import type { MessageEntry } from '../messages/message-entry.js'

/** Of one message or more. */
export function rememberPack(entries: readonly MessageEntry[], id: ObjectId): KnownPack {
  const pack = {
    id,
    cutHash: hashOf(id),
    index: undefined,
    serials: entries.map(({ serial }) => serial),
    costBytes: costOfEntries(entries),
  }
  const [first] = entries
  if (first !== undefined) first.pack = pack
  return pack
}

export function rememberIndex(first: KnownPiece, refs: readonly ObjectId[], id: ObjectId): KnownIndex {
  const index = { id, cutHash: hashOf(id), index: undefined, refs }
  first.index = index
  return index
}

/** The pack that begins at this place of a list, if it was one before with the same messages. */
export function knownPackAt(entries: readonly MessageEntry[], from: number): KnownPack | undefined {
  const pack = entries[from]?.pack
  if (pack === undefined) return undefined
  const { serials } = pack
  for (let at = 0; at < serials.length; at++) if (entries[from + at]?.serial !== serials[at]) return undefined
  return pack
}

/** The index that begins at this place of a level, if it was one before over the same pieces. */
export function knownIndexAt(level: readonly KnownPiece[], from: number): KnownIndex | undefined {
  const index = level[from]?.index
  if (index === undefined) return undefined
  const { refs } = index
  for (let at = 0; at < refs.length; at++) if (level[from + at]?.id !== refs[at]) return undefined
  return index
}

export function costOfEntries(entries: readonly MessageEntry[]): number {
  let cost = 0
  for (const entry of entries) cost += entry.costBytes
  return cost
}
