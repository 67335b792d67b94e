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

/** The options of one commit or drop. */
export interface PartitionCommitOptions extends CallOptions {
  /** The durability of this call, instead of the keyspace's. `null` asks for the primary alone. @default the keyspace's */
  readonly durability?: Durability | null
  /**
   * Whether the commit may wait for the end of the tick and travel in one batch with other commits to this partition that
   * allow it: one command instead of many. Each commit keeps its own checks and its own result. A commit that removes
   * something, or has options of its own, is sent at once. @default false
   */
  readonly together?: boolean
}

/**
 * One partition: an ordered map of records and a set of immutable objects, atomic as a whole.
 *
 * Every method sends its call before it returns, so calls made in one tick travel together and in their order. A method
 * rejects with a `StorageError`, or with a `TypeError` for invalid arguments.
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
   * Applies a batch as a whole or not at all, in one round trip. A check that does not hold is a value in the result, not an
   * error. Do not change the bytes of the batch until the promise settles, because a retry sends them again.
   *
   * If the answer to an attempt was lost and the batch may be repeated, the result is that of the last attempt. Then `created`
   * is false even if an earlier attempt created the partition, nothing is said of what a sweep `removed`, and a rejection says
   * `mayBeApplied`.
   *
   * With a durability, the call fails with code `replication` if too few copies exist in time. The batch is on the primary
   * then, and may be lost with it. A batch that may be repeated is repeated as long as the call has time.
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
   * Removes the partition with everything in it. Resolves to whether there was one. It is `false` also if an attempt whose
   * answer was lost removed it.
   *
   * With a durability, the call needs a second round trip. It fails with code `replication` if too few replicas have the
   * removal in time. The partition is removed on the primary then, and may be back after a failover.
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
        afterUnknown: (result) => (result.ok ? withoutRemoved(result) : { ...result, mayBeApplied: true }),
      },
      call,
      (driver, attempt) =>
        durability === undefined
          ? driver.commit(this.id, batch, attempt)
          : this.#durability.commit(durability, this.id, batch, attempt),
    )
  }
}

/** The attempt before may have removed others than the last one, which found nothing left to remove. */
function withoutRemoved(result: CommitResult & { readonly ok: true }): CommitResult {
  const { removed: _, ...rest } = result
  return rest
}
