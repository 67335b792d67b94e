import type { Batch, CommitResult } from './driver/batch.js'
import { isIdempotent } from './driver/idempotency.js'
import type { PartitionId } from './driver/partition-id.js'
import type { Read, ResultsOf } from './driver/read.js'
import type { CallOptions, ReadOptions } from './driver/storage-driver.js'
import { assertBatch, assertKnown, assertReads } from './driver/validate.js'
import type { StorageCaller } from './storage-caller.js'

/**
 * One partition: an ordered map of records and a set of immutable objects, atomic as a whole.
 *
 * Every method issues its call before it returns, so calls made in one tick travel together. Each rejects with a
 * `StorageError`, or a `TypeError` for arguments that are not of the contract.
 */
export class Partition {
  readonly id: PartitionId
  readonly #caller: StorageCaller

  constructor(caller: StorageCaller, id: PartitionId) {
    this.#caller = caller
    this.id = id
  }

  /** Answers all reads from one instant, in one round trip. */
  async read<const Rs extends readonly Read[]>(reads: Rs, options: ReadOptions = {}): Promise<ResultsOf<Rs>> {
    assertReads(reads)
    assertKnown(options.known)
    const results = await this.#caller.call(
      { operation: 'read', partition: this.id, repeatable: true },
      options,
      (driver, attempt) => driver.read(this.id, reads, { ...options, ...attempt }),
    )
    return results as ResultsOf<Rs>
  }

  /**
   * Applies a batch as a whole or not at all, in one round trip. A failed check is a value, not an error. The bytes of the
   * batch must stay as they are until the promise settles: a retry sends them again.
   */
  async commit(batch: Batch, options: CallOptions = {}): Promise<CommitResult> {
    return await this.#caller.call(
      {
        operation: 'commit',
        partition: this.id,
        repeatable: isIdempotent(batch),
        validate: (driver) => assertBatch(batch, driver.capabilities.limits),
        rejected: (result) => !result.ok,
      },
      options,
      (driver, attempt) => driver.commit(this.id, batch, attempt),
    )
  }

  /** Removes everything. Resolves to whether there was anything. */
  async drop(options: CallOptions = {}): Promise<boolean> {
    return await this.#caller.call(
      { operation: 'drop', partition: this.id, repeatable: true },
      options,
      (driver, attempt) => driver.drop(this.id, attempt),
    )
  }
}
