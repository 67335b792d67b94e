import type {
  Check,
  Epoch,
  InsertMutation,
  ObjectId,
  ObjectMutation,
  PutMutation,
  Tuple,
} from '@cairnkit/core'
import type { NewObject } from '../engine/objects/new-object.js'
import type { StoredPlace } from '../records/stored-data-error.js'
import type { Reason } from './guards.js'
import type { HeadPut } from './head-step.js'
import type { ThreadPartition } from './thread-partition.js'
import type { FindObjects, Stored, ThreadWrite } from './thread-write.js'

/** What a commit stores again, besides what it stores itself, and what must hold for that. */
export interface Restoration {
  readonly lost: 'tail' | 'thread'
  /** Of the thread before it was lost. */
  readonly epoch: Epoch
  readonly checks: readonly Check[]
  readonly records: readonly (PutMutation | InsertMutation)[]
  readonly objects: readonly NewObject[]
  readonly checkpoints: number
  readonly writes: number
  /**
   * Whether it is to be a commit of its own: the checkpoint that was to be put with it does not sort behind what is stored
   * again, so whether it becomes the head is to be judged after that.
   */
  readonly isAlone: boolean
}

/** What was acknowledged of a thread. */
export interface Acknowledged {
  readonly epoch: Epoch
  /** Records that are there if nothing is lost. */
  readonly newestKeys: readonly Tuple[]
}

/** An attempt that was applied. */
export interface AppliedAttempt {
  readonly write: ThreadWrite
  readonly stored: Stored
  /** What was stored for the head beside it. */
  readonly moves: readonly PutMutation[]
  readonly sent: ReadonlyMap<ObjectId, ObjectMutation>
  readonly restoration: Restoration | undefined
  /** Of the thread now. */
  readonly epoch: Epoch
  /** Until the thread ends, from the attempt on; `null`: it does not; `undefined`: as before. */
  readonly ttlMs: number | null | undefined
  /** What {@link Healing.before} gave. */
  readonly started: Started
}

/** The beginning of an attempt. */
export interface Started {
  /** Its place in the order of calls. */
  readonly step: number
  /** By the clock of the process, in milliseconds. */
  readonly at: number
}

/** An attempt that was refused for what the thread is now. */
export interface FailedAttempt {
  readonly threadId: string
  readonly partition: ThreadPartition
  /** Of the thread, for the messages of errors. */
  readonly place: StoredPlace
  /** The checkpoint that was to be put. */
  readonly head: HeadPut | undefined
  readonly reason: Extract<Reason, 'restoration' | 'epoch' | 'lost'>
  /** What the attempt itself was to store again. */
  readonly restoration: Restoration | undefined
  /** Whether an attempt of this commit has found no thread, and no trace of a deletion. */
  readonly wasGone: boolean
  /** The epoch that was relied on, and the one that there is. */
  readonly expected: Epoch | undefined
  readonly found: Epoch | null
}

/** What comes after a failed attempt. */
export type Repair =
  /** Nothing is relied on any more. */
  | { readonly kind: 'send all' }
  /** Another call of this process has stored the thread again. */
  | { readonly kind: 'go on' }
  | { readonly kind: 'restore'; readonly restoration: Restoration }

/** Stores again what the storage has lost. Without it none of this runs. */
export interface Healing {
  /** Resolves when no other call is storing the thread again; `undefined` when none is. */
  settled(threadId: string): Promise<void> | undefined
  acknowledged(threadId: string): Acknowledged | undefined
  /** What was acknowledged and is kept. */
  find(threadId: string, ids: readonly ObjectId[]): ReturnType<FindObjects>
  /** Before an attempt is sent. */
  before(): Started
  /** While an attempt that stores a thread again is under way. */
  restoring(threadId: string, restoration: Restoration, attempt: Promise<unknown>): void
  /** After an attempt was applied. */
  after(attempt: AppliedAttempt): void
  /** When an attempt has failed. Throws `ThreadConflictError` for a claim on a head that was lost and is another run's now. */
  failed(attempt: FailedAttempt): Promise<Repair>
  /** When this process has removed checkpoints: what is not there any more is not lost. */
  pruned(threadId: string, from: Epoch, to: Epoch, isDropped: (key: Tuple) => boolean): void
  /** When a thread is deleted. */
  forget(threadId: string): void
}
