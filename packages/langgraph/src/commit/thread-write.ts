import type { ExpireMutation, InsertMutation, ObjectId, PutMutation } from '@cairnkit/core'
import type { NewObject } from '../engine/objects/new-object.js'
import type { HeadPut } from './head-step.js'

/** What one attempt stores: records, and the objects that they refer to. */
export interface Stored {
  readonly records: readonly (PutMutation | InsertMutation)[]
  /** The objects that the records refer to, as far as they may be new to the thread. */
  readonly children: readonly NewObject[]
  /** What the records refer to besides: the thread holds it already. */
  readonly carried: {
    /** As far as the pieces are at hand. */
    readonly objects: readonly NewObject[]
    /** Of those whose pieces are not. */
    readonly ids: readonly ObjectId[]
  }
}

/** What a write says of the life of its thread, with each attempt. */
export interface LifetimeStep {
  readonly records: readonly PutMutation[]
  readonly expire: ExpireMutation
}

/** Finds these objects with all that they reach; `undefined` when a part of that is not at hand. */
export type FindObjects = (ids: readonly ObjectId[]) => readonly NewObject[] | undefined

/**
 * What one call adds to a thread. Made before the first attempt, and nothing in it changes: both forms may be asked for any
 * number of times.
 */
export interface ThreadWrite<S extends Stored = Stored> {
  readonly threadId: string
  readonly namespace: string
  readonly checkpointId: string
  /** Only of the put of a checkpoint. */
  readonly head: HeadPut | undefined
  /** `undefined`: nothing. */
  readonly lifetime: LifetimeStep | undefined
  /** For a thread that holds what it was seen to hold. */
  readonly relying: S
  /** For a thread of which nothing is known: `children` reach all that the records reach. */
  whole(find: FindObjects): S
}
