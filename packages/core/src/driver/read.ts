import type { ObjectId } from './object-id.js'
import type { Tuple } from './tuple.js'

/** A record: an entry in the ordered map of a partition. */
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

/** Objects by their ids. */
export type ObjectMap = ReadonlyMap<ObjectId, StoredObject>

/**
 * Whether a read also returns objects: none, or all that its records reach, each once. A reference to a missing object fails
 * the read with code `corrupt`.
 */
export type Follow = 'none' | 'all'

/** Half-open bounds and a limit. A missing bound is open. A missing limit means all; a limit of 0 returns nothing. */
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
 * The records below `prefix`, grouped by the next element of their keys. Groups are returned whole. The record whose key is
 * exactly `prefix` belongs to no group. Bounds are elements.
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

/** The distinct elements that follow `prefix` in keys, which are the names of its groups. Each costs one seek. */
export interface NamesRead extends Paging<string> {
  readonly type: 'names'
  readonly prefix: Tuple
}

/** The number of records whose keys begin with `prefix`. */
export interface CountRead {
  readonly type: 'count'
  readonly prefix: Tuple
}

/**
 * Objects by id. If an object of `ids` is missing, it is left out of the result. If an object that `follow` reaches is missing,
 * the read fails.
 */
export interface ObjectsRead extends Following {
  readonly type: 'objects'
  readonly ids: readonly ObjectId[]
}

/** The epoch, the expiry and the size of the partition. */
export interface InfoRead {
  readonly type: 'info'
}

/** The time of the storage, by which partitions expire. */
export interface TimeRead {
  readonly type: 'time'
}

/** One question of a `read` call. */
export type Read =
  GetRead | RangeRead | GroupsRead | NamesRead | CountRead | ObjectsRead | InfoRead | TimeRead

/** The answer to {@link GetRead}. */
export interface GetResult {
  readonly type: 'get'
  readonly record: StoredRecord | undefined
  readonly objects: ObjectMap
}

/** The answer to {@link RangeRead}. */
export interface RangeResult {
  readonly type: 'range'
  readonly records: readonly StoredRecord[]
  readonly objects: ObjectMap
}

/** The records below a prefix that have the same next element in their keys. */
export interface Group {
  readonly element: string
  /** The record `[...prefix, element]`; `undefined` is possible only with `orphans`. */
  readonly record: StoredRecord | undefined
  /** The other records of the group, ascending by key, whatever the order of the groups is. */
  readonly members: readonly StoredRecord[]
}

/** The answer to {@link GroupsRead}. */
export interface GroupsResult {
  readonly type: 'groups'
  readonly groups: readonly Group[]
  readonly objects: ObjectMap
}

/** The answer to {@link NamesRead}. */
export interface NamesResult {
  readonly type: 'names'
  readonly names: readonly string[]
}

/** The answer to {@link CountRead}. */
export interface CountResult {
  readonly type: 'count'
  readonly count: number
}

/** The answer to {@link ObjectsRead}. */
export interface ObjectsResult {
  readonly type: 'objects'
  readonly objects: ObjectMap
}

/** A random token of 32 hex digits; see {@link InfoResult.epoch}. */
export type Epoch = string

/** The answer to {@link InfoRead}. */
export interface InfoResult {
  readonly type: 'info'
  /**
   * The token that the partition got when it was born; `null` if there is no partition. A sweep that removed objects and a
   * new birth change it. As long as it is the same, no object was removed.
   */
  readonly epoch: Epoch | null
  /** Milliseconds until the partition expires; `null` if it does not expire. */
  readonly ttlMs: number | null
  /** Whether there is a tombstone: a `drop` mutation removed the partition on purpose not long ago. */
  readonly dropped: boolean
  /** The number of records. */
  readonly records: number
  /** The number of objects. */
  readonly objects: number
}

/** The answer to {@link TimeRead}. */
export interface TimeResult {
  readonly type: 'time'
  /** In milliseconds since 1970, a whole number. All servers of a cluster have clocks of their own. */
  readonly nowMs: number
}

/** The answer to one {@link Read}. */
export type ReadResult =
  GetResult | RangeResult | GroupsResult | NamesResult | CountResult | ObjectsResult | InfoResult | TimeResult

/** The result that belongs to a read of type `R`. */
export type ResultOf<R extends Read> = Extract<ReadResult, { readonly type: R['type'] }>

/** The results of a list of reads, position by position. */
export type ResultsOf<Rs extends readonly Read[]> = { -readonly [K in keyof Rs]: ResultOf<Rs[K]> }
