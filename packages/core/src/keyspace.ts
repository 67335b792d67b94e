import type { StorageDriver, CallOptions } from './driver/storage-driver.js'
import { type PartitionId, decodePartitionId, encodePartitionId } from './driver/partition-id.js'
import { assertParts } from './driver/validate.js'
import { CommitGathering } from './commit-gathering.js'
import { DurabilityKeeper } from './durability-keeper.js'
import { Partition } from './partition.js'
import { type KeyspaceOptions, assertDriver, resolveKeyspaceOptions } from './keyspace-options.js'
import { StorageCaller } from './storage-caller.js'

/**
 * The partitions of a driver whose names begin with the same parts. Programs use a keyspace instead of a driver: it
 * validates arguments, encodes names, gives every call a deadline, retries what may be retried, wraps each failure once, and
 * tells the observer. It does not close the driver.
 */
export class Keyspace {
  readonly driver: StorageDriver
  readonly #root: readonly string[]
  readonly #caller: StorageCaller
  readonly #durability: DurabilityKeeper
  readonly #gathering = new CommitGathering()
  /** The handle that was asked for last: a facade asks for the same one several times in a call. */
  #last: { readonly parts: readonly string[]; readonly partition: Partition } | undefined

  /**
   * The name of a partition is `root` followed by the parts given to {@link Keyspace.partition}. Throws a `TypeError` for
   * an invalid driver, root or option.
   */
  constructor(driver: StorageDriver, root: readonly string[], options: KeyspaceOptions = {}) {
    assertDriver(driver)
    assertParts(root)
    this.driver = driver
    this.#root = Object.freeze([...root])
    this.#caller = new StorageCaller(driver, resolveKeyspaceOptions(options))
    this.#durability = new DurabilityKeeper(driver, options.durability, options.observer)
  }

  /** Returns a handle on a partition, and creates nothing. Throws a `TypeError` if a part is not a string. */
  partition(...parts: readonly string[]): Partition {
    if (this.#last !== undefined && isSame(this.#last.parts, parts)) return this.#last.partition
    assertParts(parts)
    const id = encodePartitionId([...this.#root, ...parts])
    const partition = new Partition(this.#caller, this.#durability, this.#gathering, id)
    this.#last = { parts, partition }
    return partition
  }

  /**
   * Lists the parts of every partition of this keyspace, each once, in no particular order. It scans the whole database, so
   * use it for maintenance only. Fails with code `unsupported` if the driver cannot list.
   */
  async *partitions(options: CallOptions = {}): AsyncGenerator<string[]> {
    const prefix = `${encodePartitionId(this.#root)}:`
    for await (const id of this.#caller.list(prefix, options)) {
      const parts = partsOf(id)
      if (parts !== undefined) yield parts.slice(this.#root.length)
    }
  }
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((part, at) => part === right[at])
}

/** `undefined` for a key that looks like ours and is not: maintenance must not stop at it. */
function partsOf(id: PartitionId): string[] | undefined {
  try {
    return decodePartitionId(id)
  } catch (cause) {
    if (cause instanceof TypeError) return undefined
    throw cause
  }
}
