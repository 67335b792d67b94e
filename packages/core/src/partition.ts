import type { CommitGathering } from './commit-gathering.js'
import type { Batch, CommitResult } from './driver/batch.js'
import { isIdempotent, onlyAdds } from './driver/idempotency.js'
import type { Durability, ResolvedDurability } from './durability.js'
import type { DurabilityKeeper } from './durability-keeper.js'
import type { PartitionId } from './driver/partition-id.js'
import type { Read, ResultsOf } from './driver/read.js'
import type { CallOptions, ReadOptions } from './driver/storage-driver.js'
import { assertBatch, assertKnown, assertReads } from './driver/validate.js'
import type { StorageCaller } from './storage-caller.js'

export interface PartitionCommitOptions extends CallOptions {
  /** For this commit in the place of what the keyspace asks for; `null`: the primary alone. @default the keyspace's */
  readonly durability?: Durability | null
  /**
   * Whether the commit may wait for the end of the tick, to be one batch with others of this partition that say the same:
   * one command in the place of many. Each has its own result, and its own checks. Only what adds to the partition and
   * asks for nothing else is gathered; anything else is issued at once. @default false
   */
  readonly together?: boolean
}

/**
 * One partition: an ordered map of records and a set of immutable objects, atomic as a whole.
 *
 * Every method issues its call before it returns, so calls made in one tick travel together, and in their order. Each
 * rejects with a `StorageError`, or a `TypeError` for arguments that are not of the contract.
 */
export class Partition {
  readonly id: PartitionId
  readonly #caller: StorageCaller
  readonly #durability: DurabilityKeeper
  readonly #gathering: CommitGathering

  constructor(
    caller: StorageCaller,
    durability: DurabilityKeeper,
    gathering: CommitGathering,
    id: PartitionId,
  ) {
    this.#caller = caller
    this.#durability = durability
    this.#gathering = gathering
    this.id = id
  }

  /** Answers all reads from one instant, in one round trip. */
  async read<const Rs extends readonly Read[]>(reads: Rs, options: ReadOptions = {}): Promise<ResultsOf<Rs>> {
    assertReads(reads)
    assertKnown(options.known)
    this.#gathering.sendNow(this.id)
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
   *
   * When the answer to an attempt was lost and the batch may be repeated, the result is that of the last attempt: what an
   * earlier one created it does not call created, and a rejection says `mayBeApplied`.
   *
   * With durability asked for, it fails with code `replication` when too few copies had it in time: it was applied on
   * the primary then, and may be lost with it. A batch that may be repeated is, as long as the call has time.
   */
  async commit(batch: Batch, options: PartitionCommitOptions = {}): Promise<CommitResult> {
    const { durability: ofCall, together = false, ...call } = options
    const durability = this.#durability.wanted(ofCall)
    const bytes = this.#caller.checked('commit', this.id, ({ capabilities }) =>
      assertBatch(batch, capabilities.limits),
    )
    const repeatable = isIdempotent(batch)
    const isPlain = ofCall === undefined && call.signal === undefined && call.timeoutMs === undefined
    if (together && isPlain && bytes > 0 && repeatable && onlyAdds(batch)) {
      return await this.#gathering.commit(this.id, batch, bytes, (gathered) =>
        this.#send(gathered, true, durability, call),
      )
    }
    this.#gathering.sendNow(this.id)
    return await this.#send(batch, repeatable, durability, call)
  }

  /**
   * Removes everything. Resolves to whether there was anything: `false` also when an attempt removed it whose answer was
   * lost.
   *
   * With durability asked for, it costs a second round trip, and fails with code `replication` when too few copies had
   * heard of it in time: it is removed on the primary then, and may be back after a failover.
   */
  async drop(options: PartitionCommitOptions = {}): Promise<boolean> {
    const { durability: ofCall, ...call } = options
    const durability = this.#durability.wanted(ofCall)
    this.#gathering.sendNow(this.id)
    let wasThere = false
    await this.#caller.call(
      { operation: 'drop', partition: this.id, repeatable: true },
      call,
      async (driver, attempt) => {
        wasThere = (await driver.drop(this.id, attempt)) || wasThere
        // A batch without content: what it waits for is all that was written before it.
        if (durability !== undefined) await this.#durability.commit(durability, this.id, {}, attempt)
      },
    )
    return wasThere
  }

  #send(
    batch: Batch,
    repeatable: boolean,
    durability: ResolvedDurability | undefined,
    call: CallOptions,
  ): Promise<CommitResult> {
    return this.#caller.call(
      {
        operation: 'commit',
        partition: this.id,
        repeatable,
        rejected: (result) => !result.ok,
        afterUnknown: (result) => (result.ok ? result : { ...result, mayBeApplied: true }),
      },
      call,
      (driver, attempt) =>
        durability === undefined
          ? driver.commit(this.id, batch, attempt)
          : this.#durability.commit(durability, this.id, batch, attempt),
    )
  }
}
