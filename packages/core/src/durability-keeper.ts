import type { Acknowledgement, Batch, CommitResult } from './driver/batch.js'
import { DriverFault } from './driver/driver-fault.js'
import type { PartitionId } from './driver/partition-id.js'
import type { CallOptions, StorageDriver } from './driver/storage-driver.js'
import { type Durability, type ResolvedDurability, resolveDurability } from './durability.js'
import { type StorageObserver, notifyUnderReplicated } from './observer.js'

const nobody: Acknowledgement = Object.freeze({ replicas: 0, fsynced: false })

/** Decides, for every driver alike, whether enough copies of a commit exist, and what happens if not. */
export class DurabilityKeeper {
  readonly #driver: StorageDriver
  readonly #ofKeyspace: ResolvedDurability | undefined
  readonly #observer: StorageObserver | undefined
  #hasWarned = false

  /** Throws a `TypeError` for an invalid durability. */
  constructor(
    driver: StorageDriver,
    durability: Durability | undefined,
    observer: StorageObserver | undefined,
  ) {
    this.#driver = driver
    this.#ofKeyspace = durability === undefined ? undefined : resolveDurability(durability)
    this.#observer = observer
  }

  /** The durability of one call: its own or that of the keyspace. Throws a `TypeError` for an invalid durability. */
  wanted(ofCall: Durability | null | undefined): ResolvedDurability | undefined {
    if (ofCall === undefined) return this.#ofKeyspace
    return ofCall === null ? undefined : resolveDurability(ofCall)
  }

  /**
   * Makes one attempt. With `error`, too few copies are an ambiguous fault: the commit is on the primary and may be lost with
   * it, and a repeated attempt waits again.
   */
  async commit(
    wanted: ResolvedDurability,
    partition: PartitionId,
    batch: Batch,
    attempt: CallOptions,
  ): Promise<CommitResult> {
    const result = await this.#driver.commit(partition, batch, { ...attempt, durability: wanted })
    if (!result.ok) return result
    // A driver that does not tell knows of no copies.
    const { acknowledged = nobody } = result
    if (isEnough(wanted, acknowledged)) return result
    if (wanted.onTimeout === 'error') {
      const fault = { code: 'replication', disposition: 'ambiguous' } as const
      throw new DriverFault(fault, shortfall(wanted, acknowledged))
    }
    this.#tell(wanted, acknowledged, partition)
    return result
  }

  #tell(wanted: ResolvedDurability, { replicas, fsynced }: Acknowledgement, partition: PartitionId): void {
    if (this.#observer?.onUnderReplicated !== undefined) {
      notifyUnderReplicated(this.#observer, {
        driver: this.#driver.name,
        operation: 'commit',
        partition,
        replicas: wanted.replicas,
        acknowledgedReplicas: replicas,
        fsync: wanted.fsync,
        fsynced,
        timeoutMs: wanted.timeoutMs,
      })
      return
    }
    if (this.#hasWarned) return
    this.#hasWarned = true
    process.emitWarning(
      `${this.#driver.name}: a commit of ${partition} was applied, and ${shortfall(wanted, { replicas, fsynced })}. ` +
        'An observer with onUnderReplicated hears of every such commit; this warning comes once',
      'CairnWarning',
    )
  }
}

function isEnough({ replicas, fsync }: ResolvedDurability, acknowledged: Acknowledgement): boolean {
  return acknowledged.replicas >= replicas && (acknowledged.fsynced || !fsync)
}

function shortfall(wanted: ResolvedDurability, { replicas, fsynced }: Acknowledgement): string {
  const disk = wanted.fsync ? (fsynced ? ' on disk' : ', and the disk of the primary not,') : ''
  return `${replicas} of ${wanted.replicas} replicas had it${disk} within ${wanted.timeoutMs} ms`
}
