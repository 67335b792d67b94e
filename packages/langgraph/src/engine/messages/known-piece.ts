import type { ObjectId } from '@cairnkit/core'

/** What is remembered of a pack or an index: enough to know it again, and nothing that keeps a message alive. */
export interface KnownPiece {
  readonly id: ObjectId
  /** Decides where lists are cut: a hash of the id. */
  readonly cutHash: number
  /** The index that began with it last. */
  index: KnownIndex | undefined
}

export interface KnownIndex extends KnownPiece {
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
