import type { ObjectId } from './object-id.js'
import type { Tuple } from './tuple.js'

/** A record: what the ordered map of a partition holds under one key. */
export interface StoredRecord {
  readonly key: Tuple
  readonly bytes: Uint8Array
  readonly refs: readonly ObjectId[]
}

/** An immutable, content-addressed value of a partition. */
export interface StoredObject {
  readonly bytes: Uint8Array
  readonly refs: readonly ObjectId[]
}

export type ObjectMap = ReadonlyMap<ObjectId, StoredObject>

/**
 * Whether a read also returns objects: none, or the whole closure that its records reach, each object once.
 * A reference to an object that is not there fails the read with code `corrupt`; it is never left out.
 */
export type Follow = 'none' | 'all'

/** Half-open bounds and paging. A missing bound is open; a missing limit means all; a limit of 0 gives nothing. */
interface Paging<Bound> {
  /** Inclusive. */
  readonly from?: Bound
  /** Exclusive. */
  readonly until?: Bound
  readonly limit?: number
  /** @default false: ascending */
  readonly reverse?: boolean
}

interface Following {
  /** @default 'none' */
  readonly follow?: Follow
}

/** One record by its key. */
export interface GetRead extends Following {
  readonly type: 'get'
  readonly key: Tuple
}

/** The records whose keys begin with `prefix`; the empty prefix means all. Bounds are whole keys. */
export interface RangeRead extends Following, Paging<Tuple> {
  readonly type: 'range'
  readonly prefix: Tuple
}

/**
 * The records below `prefix`, grouped by the element that comes next; whole groups, never parts. The record whose
 * key is exactly `prefix` belongs to no group. Bounds are elements.
 */
export interface GroupsRead extends Following, Paging<string> {
  readonly type: 'groups'
  readonly prefix: Tuple
  /**
   * Whether to return groups that lack their own record `[...prefix, element]`.
   * @default false: they are skipped, and do not count against the limit
   */
  readonly orphans?: boolean
}

/** The distinct elements that follow `prefix` in keys: the names of its groups, at the cost of one seek each. */
export interface NamesRead extends Paging<string> {
  readonly type: 'names'
  readonly prefix: Tuple
}

/** How many records have keys that begin with `prefix`. */
export interface CountRead {
  readonly type: 'count'
  readonly prefix: Tuple
}

/**
 * Objects by id. One that is asked for and not there is left out of the result; one that is only reached by
 * `follow` and not there fails the read.
 */
export interface ObjectsRead extends Following {
  readonly type: 'objects'
  readonly ids: readonly ObjectId[]
}

/** What the partition is: its epoch, its expiry, its size. */
export interface InfoRead {
  readonly type: 'info'
}

export type Read = GetRead | RangeRead | GroupsRead | NamesRead | CountRead | ObjectsRead | InfoRead

export interface GetResult {
  readonly type: 'get'
  readonly record: StoredRecord | undefined
  readonly objects: ObjectMap
}

export interface RangeResult {
  readonly type: 'range'
  readonly records: readonly StoredRecord[]
  readonly objects: ObjectMap
}

export interface Group {
  readonly element: string
  /** The record `[...prefix, element]`; missing only when `orphans` was asked for. */
  readonly record: StoredRecord | undefined
  /** The other records of the group, in key order, whatever the order of the groups is. */
  readonly members: readonly StoredRecord[]
}

export interface GroupsResult {
  readonly type: 'groups'
  readonly groups: readonly Group[]
  readonly objects: ObjectMap
}

export interface NamesResult {
  readonly type: 'names'
  readonly names: readonly string[]
}

export interface CountResult {
  readonly type: 'count'
  readonly count: number
}

export interface ObjectsResult {
  readonly type: 'objects'
  readonly objects: ObjectMap
}

/** A random token of 32 hex digits. See the contract: `docs` of {@link InfoResult.epoch}. */
export type Epoch = string

export interface InfoResult {
  readonly type: 'info'
  /**
   * The token that the partition got when it was born, `null` when there is no partition. It changes when the
   * partition is born anew, and when a sweep removed objects: as long as it is the same, every object that was
   * once there still is.
   */
  readonly epoch: Epoch | null
  /** Milliseconds until the partition expires, `null` when it does not. */
  readonly ttlMs: number | null
  /** Whether there is no partition because it was dropped on purpose of late, by a mutation that said so. */
  readonly dropped: boolean
  readonly records: number
  readonly objects: number
}

export type ReadResult =
  GetResult | RangeResult | GroupsResult | NamesResult | CountResult | ObjectsResult | InfoResult

/** The result that belongs to a read of type `R`. */
export type ResultOf<R extends Read> = Extract<ReadResult, { readonly type: R['type'] }>

/** The results of a list of reads, position by position. */
export type ResultsOf<Rs extends readonly Read[]> = { -readonly [K in keyof Rs]: ResultOf<Rs[K]> }
