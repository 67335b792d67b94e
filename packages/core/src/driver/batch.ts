import type { ObjectId } from './object-id.js'
import type { Epoch } from './read.js'
import type { Tuple } from './tuple.js'

/** The partition has this epoch; `null`: there is no partition. */
export interface EpochCheck {
  readonly type: 'epoch'
  readonly epoch: Epoch | null
}

export interface AbsentCheck {
  readonly type: 'absent'
  readonly key: Tuple
}

export interface PresentCheck {
  readonly type: 'present'
  readonly key: Tuple
}

/** The record is there with exactly these bytes and references. */
export interface EqualsCheck {
  readonly type: 'equals'
  readonly key: Tuple
  readonly bytes: Uint8Array
  /** @default [] */
  readonly refs?: readonly ObjectId[]
}

/**
 * The last key below `prefix`, cut to the length of `key`, is `key`: so it may name the last record or the last
 * group. `null`: no record has a key that begins with `prefix`.
 */
export interface LastCheck {
  readonly type: 'last'
  readonly prefix: Tuple
  readonly key: Tuple | null
}

/**
 * The last group below `prefix` that has a record of its own is one of `elements`; `null` among them: or there is none.
 * Unlike {@link LastCheck} it does not look at groups that lack their own record, and it can name what the batch itself
 * writes, so that a batch that is sent twice does not fail over its own effect.
 */
export interface HeadCheck {
  readonly type: 'head'
  readonly prefix: Tuple
  readonly elements: readonly (string | null)[]
}

/** No {@link DropMutation} left a tombstone here that has not expired. */
export interface UndroppedCheck {
  readonly type: 'undropped'
}

/**
 * All of these objects are there. For a writer that refers to objects it does not send: an epoch tells that nothing was
 * removed, but not that a failover or a restart from an older file brought back the past of the same partition.
 */
export interface ObjectsCheck {
  readonly type: 'objects'
  readonly ids: readonly ObjectId[]
}

/** What must hold at the instant of the commit. One that does not hold is reported, not thrown. */
export type Check =
  | EpochCheck
  | AbsentCheck
  | PresentCheck
  | EqualsCheck
  | LastCheck
  | HeadCheck
  | ObjectsCheck
  | UndroppedCheck

/** Writes a record, replacing one under the same key. */
export interface PutMutation {
  readonly type: 'put'
  readonly key: Tuple
  readonly bytes: Uint8Array
  /** @default [] */
  readonly refs?: readonly ObjectId[]
}

/** Writes a record unless one is there: the first one wins. */
export interface InsertMutation {
  readonly type: 'insert'
  readonly key: Tuple
  readonly bytes: Uint8Array
  /** @default [] */
  readonly refs?: readonly ObjectId[]
}

export interface DeleteMutation {
  readonly type: 'delete'
  readonly key: Tuple
}

/** Deletes the records whose keys begin with `prefix` and lie in `[from, until)`. */
export interface DeleteRangeMutation {
  readonly type: 'deleteRange'
  readonly prefix: Tuple
  readonly from?: Tuple
  readonly until?: Tuple
}

/** Stores an object unless it is there. */
export interface ObjectMutation {
  readonly type: 'object'
  readonly id: ObjectId
  readonly bytes: Uint8Array
  /** @default [] */
  readonly refs?: readonly ObjectId[]
}

/** Drops the objects that no record reaches. Gives the partition a new epoch if it dropped any. */
export interface SweepMutation {
  readonly type: 'sweep'
}

/**
 * Sets how long the partition lives from the instant of the commit, by the clock of the storage; `null`: for ever.
 * It speaks of the partition as the batch leaves it, wherever in the batch it stands; the last one counts.
 */
export interface ExpireMutation {
  readonly type: 'expire'
  readonly ttlMs: number | null
}

/**
 * Drops the partition within a batch, so that checks can guard it, and leaves a tombstone if the batch leaves nothing.
 * What the batch writes after it is a new partition with a new epoch.
 */
export interface DropMutation {
  readonly type: 'drop'
  /**
   * How long the storage remembers that the partition was dropped on purpose, whether there was one or not; the
   * partition is absent to everything but `dropped` and the check `undropped`. The next birth ends it. `null`: it is not
   * remembered, and a tombstone that is there stays.
   */
  readonly tombstoneMs: number | null
}

export type Mutation =
  | PutMutation
  | InsertMutation
  | DeleteMutation
  | DeleteRangeMutation
  | ObjectMutation
  | SweepMutation
  | ExpireMutation
  | DropMutation

export interface Batch {
  readonly checks?: readonly Check[]
  readonly mutations?: readonly Mutation[]
}

/** What was known of the copies of a commit when it was answered. */
export interface Acknowledgement {
  /** How many replicas hold what the commit left; 0 where the storage has none. */
  readonly replicas: number
  /** Whether it is on the disk of the primary, and of those replicas, whatever happens to the machines' memory. */
  readonly fsynced: boolean
}

export type CommitResult =
  | {
      readonly ok: true
      /** Whether this commit gave birth to the partition. */
      readonly created: boolean
      /** The epoch after the commit; `null` when there is no partition (nothing was written, or nothing is left). */
      readonly epoch: Epoch | null
      /** There when the call asked for durability, and only then. Less than was asked for is no error of the driver. */
      readonly acknowledged?: Acknowledgement
      /** Whether there is a tombstone now, see {@link DropMutation}. */
      readonly dropped: boolean
    }
  | {
      readonly ok: false
      /** Positions in `checks`, ascending. Nothing was applied. */
      readonly failedChecks: readonly number[]
      /**
       * Set by a keyspace alone: an attempt before the rejected one lost its answer, so it may have been applied when the
       * checks still held.
       */
      readonly mayBeApplied?: true
      readonly epoch: Epoch | null
      readonly dropped: boolean
    }
