import type { Batch, CommitResult } from './batch.js'
import type { DriverCapabilities } from './capabilities.js'
import type { Classification } from '../storage-error.js'
import type { ObjectId } from './object-id.js'
import type { PartitionId } from './partition-id.js'
import type { Read, ReadResult } from './read.js'

export interface CallOptions {
  /** Gives the call up. What was sent may still be applied. */
  readonly signal?: AbortSignal
  /** How long the call may take, in milliseconds. Each driver has a default of its own. */
  readonly timeoutMs?: number
}

/** How far a commit is to have spread before it is answered. */
export interface DurabilityRequest {
  /** How many replicas are to hold it. 0 with `fsync` asks for the disk of the primary alone. */
  readonly replicas: number
  /** How long to wait for them, in milliseconds; a driver whose calls are bounded to less answers earlier. */
  readonly timeoutMs: number
  /** Whether it is to be on the disk of the primary and of those replicas. */
  readonly fsync: boolean
}

export interface CommitOptions extends CallOptions {
  /**
   * Has the commit answer when that many copies hold it, or when the time is up, and tell which. It holds for a
   * commit that changes nothing too: one whose reply was lost is made again, and what it finds done may be nowhere
   * else yet. @default none
   */
  readonly durability?: DurabilityRequest
}

export interface ReadOptions extends CallOptions {
  /**
   * Objects that the caller holds, with all that they reach. They are left out of every result and not looked at, so a
   * reader that knows most of a thread is sent the rest. Not sure of one? Leave it out: that costs bytes and no more.
   * @default none
   */
  readonly known?: readonly ObjectId[]
}

/**
 * What a storage must do to carry Cairn. A partition is an ordered map of records and a set of immutable objects.
 *
 * Rules, each of them a suite in `@cairnkit/conformance`:
 * 1. Checks are judged and mutations applied at one instant, in order; or nothing is applied.
 * 2. All results of one `read` are of one instant.
 * 3. No call can name two partitions.
 * 4. Keys order element by element, by the bytes of generalized UTF-8.
 * 5. Bytes come back exactly, and are copied at the border in both directions.
 * 6. What has expired is invisible, and a partition expires as a whole.
 * 7. A partition exists while it holds a record or an object. A commit that writes nothing creates nothing.
 * 8. Resolved means applied once. An error classified `transient` means surely not applied, `ambiguous` unknown.
 * 9. A reference to a missing object is an error of code `corrupt` that names it.
 *
 * Drivers may throw what they like: `Keyspace` wraps once, by `classify`. Users never call a driver, they hold a
 * `Keyspace`; it validates, so a driver may trust its arguments.
 */
export interface StorageDriver extends AsyncDisposable {
  /** For messages and metrics. Nothing may branch on it. */
  readonly name: string
  readonly capabilities: DriverCapabilities

  /**
   * Connects. May be called again and again, and need not be called: the other methods open by themselves.
   * A failed open may be repeated.
   */
  open(options?: CallOptions): Promise<void>

  /** Ends what this driver opened, and nothing that it was given. Calls after it fail with code `closed`. */
  close(options?: CallOptions): Promise<void>

  /** Answers all reads from one instant, in one round trip, in their order. */
  read(partition: PartitionId, reads: readonly Read[], options?: ReadOptions): Promise<ReadResult[]>

  /** Applies a batch as a whole or not at all, in one round trip. The call is issued in the tick it is made. */
  commit(partition: PartitionId, batch: Batch, options?: CommitOptions): Promise<CommitResult>

  /** Removes the partition with everything in it. Resolves to whether there was one. */
  drop(partition: PartitionId, options?: CallOptions): Promise<boolean>

  /**
   * The ids that begin with `prefix`, each once, in no order. What is written or dropped meanwhile may or may not
   * appear. For maintenance: its cost grows with the whole database.
   */
  partitions(prefix: string, options?: CallOptions): AsyncIterable<PartitionId>

  /** What a failure of this driver means. Total: an unknown cause is `{ code: 'unknown', disposition: 'ambiguous' }`. */
  classify(cause: unknown): Classification
}
