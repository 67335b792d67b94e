import type { Batch, CommitResult } from './batch.js'
import type { DriverCapabilities } from './capabilities.js'
import type { Classification } from '../storage-error.js'
import type { ObjectId } from './object-id.js'
import type { PartitionId } from './partition-id.js'
import type { Read, ReadResult } from './read.js'

/** Options of every call. */
export interface CallOptions {
  /** Ends the call early. A write that was sent may still be applied. @default none */
  readonly signal?: AbortSignal
  /** How long the call may take, in milliseconds. @default that of the driver or keyspace */
  readonly timeoutMs?: number
}

/** How many copies of a commit must exist before it is answered. */
export interface DurabilityRequest {
  /** How many replicas must have the commit. 0 with `fsync` asks for the disk of the primary only. */
  readonly replicas: number
  /** How long to wait for the replicas, in milliseconds. A driver with shorter calls answers earlier. */
  readonly timeoutMs: number
  /** Whether the commit must be on the disk of the primary and of those replicas. */
  readonly fsync: boolean
}

/** Options of a commit. */
export interface CommitOptions extends CallOptions {
  /**
   * Lets the commit answer when that many copies exist, or when the time is up, and report how many there are. This also
   * holds for a commit that changes nothing: it may repeat one whose reply was lost, and the replicas may not have that
   * one yet. @default none
   */
  readonly durability?: DurabilityRequest
}

/** Options of a read. */
export interface ReadOptions extends CallOptions {
  /**
   * Objects that the caller holds, with everything that they reach. They are left out of every result and not visited, so a
   * caller that knows most of a thread gets only the rest. If you are not sure of an object, leave it out: that only costs
   * bytes. @default none
   */
  readonly known?: readonly ObjectId[]
}

/** What a driver has found out about its storage, and what puts data at risk. */
export interface StorageWarning {
  /** What it is about: `eviction` if the storage removes whole partitions when its memory is short. More codes may follow. */
  readonly code: 'eviction'
  /** What was found and what to do, for people. */
  readonly message: string
}

/**
 * The contract of a storage. A partition is an ordered map of records and a set of immutable objects.
 *
 * These are the rules. Each is a suite in `@cairnkit/conformance`:
 * 1. A commit judges its checks and applies its mutations in order at one instant, or it applies nothing.
 * 2. All results of one `read` come from one instant.
 * 3. No call can name two partitions.
 * 4. Keys are ordered element by element, by the bytes of generalized UTF-8.
 * 5. Bytes come back unchanged, and are copied at the border in both directions.
 * 6. A partition expires as a whole. An expired partition is invisible.
 * 7. A partition exists while it holds a record or an object. A commit that writes nothing creates nothing.
 * 8. Resolved means applied once. An error classified `transient` means certainly not applied; `ambiguous` means unknown.
 * 9. A reference to a missing object is an error of code `corrupt` that names the object.
 *
 * A shared storage serves other clients during a call, whatever the size of the call and the number of its parts.
 *
 * A driver may throw any error: `Keyspace` wraps it once, by `classify`. A driver may trust its arguments, because users
 * call a `Keyspace`, which validates them.
 */
export interface StorageDriver extends AsyncDisposable {
  /** The name in messages and metrics. No code may branch on it. */
  readonly name: string
  readonly capabilities: DriverCapabilities
  /** What it found when it connected; keyspaces tell their observers. It may grow later. @default nothing */
  readonly warnings?: readonly StorageWarning[]

  /** Connects. It is optional, because the other methods open by themselves. It may be repeated, also after a failure. */
  open(options?: CallOptions): Promise<void>

  /** Closes what this driver opened, and nothing that it was given. Later calls fail with code `closed`. */
  close(options?: CallOptions): Promise<void>

  /** Answers all reads from one instant, in their order; in one round trip, unless that would keep other clients waiting. */
  read(partition: PartitionId, reads: readonly Read[], options?: ReadOptions): Promise<ReadResult[]>

  /**
   * Applies a batch as a whole or not at all, in one round trip, unless that would keep other clients waiting. The call is
   * sent in the tick in which it is made.
   */
  commit(partition: PartitionId, batch: Batch, options?: CommitOptions): Promise<CommitResult>

  /** Removes the partition with everything in it. Resolves to whether there was one. */
  drop(partition: PartitionId, options?: CallOptions): Promise<boolean>

  /**
   * Lists the ids that begin with `prefix`, each once, in no particular order. A partition that is written or dropped
   * meanwhile may or may not appear. The cost grows with the whole database, so use it for maintenance only.
   */
  partitions(prefix: string, options?: CallOptions): AsyncIterable<PartitionId>

  /** Says what a failure of this driver means. An unknown cause is `{ code: 'unknown', disposition: 'ambiguous' }`. */
  classify(cause: unknown): Classification
}
