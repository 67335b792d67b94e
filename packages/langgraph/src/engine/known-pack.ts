import type { ObjectId } from '@cairnkit/core'
import { hashOf } from './hash-of.js'
import type { MessageEntry } from './message-entry.js'

/** What is remembered of a pack or a branch: enough to know it again, and nothing that keeps a message alive. */
export interface KnownPiece {
  readonly id: ObjectId
  /** Decides where lists are cut: a hash of the id. */
  readonly cutHash: number
  /** The branch that began with it last. */
  branch: KnownBranch | undefined
}

export interface KnownBranch extends KnownPiece {
  readonly refs: readonly ObjectId[]
}

/**
 * A pack, remembered by the message that it begins with. So it is known as long as a run holds its messages, or the cache
 * does, whichever is longer: no bound of a memory of its own is ever in the way of a list.
 */
export interface KnownPack extends KnownPiece {
  /** Its messages, by their numbers. */
  readonly serials: readonly number[]
  /** What its messages take. */
  readonly costBytes: number
}

/** Of one message or more. */
export function rememberPack(entries: readonly MessageEntry[], id: ObjectId): KnownPack {
  const pack = {
    id,
    cutHash: hashOf(id),
    branch: undefined,
    serials: entries.map(({ serial }) => serial),
    costBytes: costOfEntries(entries),
  }
  const [first] = entries
  if (first !== undefined) first.pack = pack
  return pack
}

export function rememberBranch(first: KnownPiece, refs: readonly ObjectId[], id: ObjectId): KnownBranch {
  const branch = { id, cutHash: hashOf(id), branch: undefined, refs }
  first.branch = branch
  return branch
}

/** The pack that begins at this place of a list, if it was one before with the same messages. */
export function knownPackAt(entries: readonly MessageEntry[], from: number): KnownPack | undefined {
  const pack = entries[from]?.pack
  if (pack === undefined) return undefined
  const { serials } = pack
  for (let at = 0; at < serials.length; at++) if (entries[from + at]?.serial !== serials[at]) return undefined
  return pack
}

/** The branch that begins at this place of a level, if it was one before over the same pieces. */
export function knownBranchAt(level: readonly KnownPiece[], from: number): KnownBranch | undefined {
  const branch = level[from]?.branch
  if (branch === undefined) return undefined
  const { refs } = branch
  for (let at = 0; at < refs.length; at++) if (level[from + at]?.id !== refs[at]) return undefined
  return branch
}

export function costOfEntries(entries: readonly MessageEntry[]): number {
  let cost = 0
  for (const entry of entries) cost += entry.costBytes
  return cost
}
