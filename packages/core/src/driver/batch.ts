import type { ObjectId } from './object-id.js'
import type { Epoch } from './read.js'
import type { Tuple } from './tuple.js'

/** Holds if the partition has this epoch. `null` holds if there is no partition. */
export interface EpochCheck {
  readonly type: 'epoch'
  readonly epoch: Epoch | null
}

/** Holds if there is no record under the key. */
export interface AbsentCheck {
  readonly type: 'absent'
  readonly key: Tuple
}

/** Holds if there is a record under the key. */
export interface PresentCheck {
  readonly type: 'present'
  readonly key: Tuple
}

/** Holds if there is a record under the key with exactly these bytes and references. */
export interface EqualsCheck {
  readonly type: 'equals'
  readonly key: Tuple
  readonly bytes: Uint8Array
  /** @default [] */
  readonly refs?: readonly ObjectId[]
}

/**
 * Holds if the last key below `prefix`, cut to the length of `key`, is `key`. So `key` may name the last record or the last
 * group. `null` holds if no record has a key that begins with `prefix`.
 */
export interface LastCheck {
  readonly type: 'last'
  readonly prefix: Tuple
  readonly key: Tuple | null
}

/**
 * Holds if the last group below `prefix` that has its own record is one of `elements`. With `null` among them, it also holds
 * if there is no such group. Unlike {@link LastCheck}, it ignores groups that lack their own record. It may name what the
 * batch itself writes, so that a batch that is sent twice does not fail because of its own effect.
 */
export interface HeadCheck {
  readonly type: 'head'
  readonly prefix: Tuple
  readonly elements: readonly (string | null)[]
}

/** Holds if there is no tombstone of a {@link DropMutation} that has not expired. */
export interface UndroppedCheck {
  readonly type: 'undropped'
}

/**
 * Holds if all of these objects are there. A writer needs it for objects that it refers to and does not send. The epoch shows
 * that nothing was removed, but not that a failover or a restart from an older file brought back an older state of the same
 * partition.
 */
export interface ObjectsCheck {
  readonly type: 'objects'
  readonly ids: readonly ObjectId[]
}

/** A condition at the instant of the commit. If it does not hold, the result reports it; nothing is thrown. */
export type Check =
  | EpochCheck
  | AbsentCheck
  | PresentCheck
  | EqualsCheck
  | LastCheck
  | HeadCheck
  | ObjectsCheck
  | UndroppedCheck

/** Writes a record, and replaces one under the same key. */
export interface PutMutation {
  readonly type: 'put'
  readonly key: Tuple
  readonly bytes: Uint8Array
  /** @default [] */
  readonly refs?: readonly ObjectId[]
}

/** Writes a record unless there is one under the key: the first one wins. */
export interface InsertMutation {
  readonly type: 'insert'
  readonly key: Tuple
  readonly bytes: Uint8Array
  /** @default [] */
  readonly refs?: readonly ObjectId[]
}

/** Deletes the record under the key, if there is one. */
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

/** Stores an object unless it is already there. */
export interface ObjectMutation {
  readonly type: 'object'
  readonly id: ObjectId
  readonly bytes: Uint8Array
  /** @default [] */
  readonly refs?: readonly ObjectId[]
}

/**
 * Removes the objects that no record reaches. Gives the partition a new epoch if it removed any. The result may name them, see
 * {@link CommitResult}.
 */
export interface SweepMutation {
  readonly type: 'sweep'
}

/**
 * Sets how long the partition lives from the instant of the commit, in milliseconds by the clock of the storage. It applies to
 * the partition as the batch leaves it, wherever it stands in the batch; the last one counts.
 */
export interface ExpireMutation {
  readonly type: 'expire'
  /** `null` is for ever; `'unchanged'` leaves the expiry as it is, unless `decidedBy` says otherwise. */
  readonly ttlMs: number | null | 'unchanged'
  /**
   * Keys of records, as the batch leaves them. The first of them that says something decides instead of `ttlMs`: its bytes are
   * the milliseconds in decimal digits, at most 15 and the first not 0, or are empty for ever. A record with other bytes says
   * nothing. So writers that do not know the lifetime of a partition renew it without reading first. @default none
   */
  readonly decidedBy?: readonly Tuple[]
  /** Whether it applies only to a partition that has no expiry before the batch or gets born by it. @default false */
  readonly ifNone?: boolean
}

/**
 * Drops the partition within a batch, so that checks can guard the drop. It leaves a tombstone if the batch leaves nothing.
 * What the batch writes after the drop is a new partition with a new epoch.
 */
export interface DropMutation {
  readonly type: 'drop'
  /**
   * How long the storage remembers that the partition was dropped on purpose, in milliseconds, whether there was one or not.
   * Only `dropped` and the check `undropped` see the tombstone. The next birth of the partition removes it. `null`: nothing is
   * remembered, and an existing tombstone stays.
   */
  readonly tombstoneMs: number | null
}

/** A change that a commit applies. */
export type Mutation =
  | PutMutation
  | InsertMutation
  | DeleteMutation
  | DeleteRangeMutation
  | ObjectMutation
  | SweepMutation
  | ExpireMutation
  | DropMutation

/** What one commit checks and applies, at one instant. */
export interface Batch {
  /** All must hold, or nothing is applied. @default none */
  readonly checks?: readonly Check[]
  /** Applied in this order. @default none */
  readonly mutations?: readonly Mutation[]
}

/** Which copies of a commit existed when it was answered. */
export interface Acknowledgement {
  /** How many replicas have the commit; 0 if the storage has no replicas. */
  readonly replicas: number
  /** Whether the commit is on the disk of the primary and of those replicas. */
  readonly fsynced: boolean
}

/** An object that a sweep removed. */
export interface RemovedObject {
  readonly id: ObjectId
  /** The size of its content, without references and names. */
  readonly bytes: number
}

/** The result of a commit: applied as a whole, or not at all. */
export type CommitResult =
  | {
      readonly ok: true
      /** Whether this commit gave birth to the partition. */
      readonly created: boolean
      /** The epoch after the commit; `null` if there is no partition (nothing was written, or nothing is left). */
      readonly epoch: Epoch | null
      /**
       * Present only if the batch has an {@link ExpireMutation} and leaves a partition: milliseconds until it expires; `null`:
       * never.
       */
      readonly ttlMs?: number | null
      /**
       * The objects that a {@link SweepMutation} of the batch removed, with their sizes. Absent if there was no sweep, or the
       * storage does not name them because they were many, or an attempt whose answer was lost may have removed others.
       */
      readonly removed?: readonly RemovedObject[]
      /** Present only if the call asked for durability. Fewer copies than asked for are not an error of the driver. */
      readonly acknowledged?: Acknowledgement
      /** Whether there is a tombstone now, see {@link DropMutation}. */
      readonly dropped: boolean
    }
  | {
      readonly ok: false
      /** The positions in `checks` that do not hold, ascending. Nothing was applied. */
      readonly failedChecks: readonly number[]
      /**
       * Set only by a keyspace: an attempt before the rejected one lost its answer, so it may have been applied while the
       * checks still held.
       */
      readonly mayBeApplied?: true
      readonly epoch: Epoch | null
      readonly dropped: boolean
    }
