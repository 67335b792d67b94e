import { type Clock, systemClock } from './clock.js'
import type { StorageDriver, CallOptions } from './driver/storage-driver.js'
import { type PartitionId, decodePartitionId, encodePartitionId } from './driver/partition-id.js'
import { assertParts } from './driver/validate.js'
import type { StorageObserver } from './observer.js'
import { Partition } from './partition.js'
import type { RetryPolicy } from './retry.js'
import { StorageCaller } from './storage-caller.js'

export interface KeyspaceOptions {
  /** The total time of one call, every attempt and every wait included, in milliseconds. @default 15000 */
  readonly timeoutMs?: number
  readonly retry?: RetryPolicy
  readonly observer?: StorageObserver
  /** @default the system's */
  readonly clock?: Clock
  /** Numbers in [0, 1), for the jitter of retries. @default Math.random */
  readonly random?: () => number
}

const DEFAULT_TIMEOUT_MS = 15_000

/**
 * The partitions of a driver whose names begin alike: what a facade holds instead of a driver. It validates, encodes
 * names, bounds every call in time, retries what may be retried, wraps failures once, and tells the observer.
 */
export class Keyspace {
  readonly driver: StorageDriver
  readonly #root: readonly string[]
  readonly #caller: StorageCaller

  /** Partitions of this keyspace are named `root` plus the parts given to {@link Keyspace.partition}. */
  constructor(driver: StorageDriver, root: readonly string[], options: KeyspaceOptions = {}) {
    assertParts(root)
    this.driver = driver
    this.#root = Object.freeze([...root])
    this.#caller = new StorageCaller(driver, {
      timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      policy: {
        baseDelayMs: options.retry?.baseDelayMs ?? 20,
        maxDelayMs: options.retry?.maxDelayMs ?? 1000,
        maxAttempts: options.retry?.maxAttempts ?? Number.POSITIVE_INFINITY,
      },
      observer: options.observer,
      clock: options.clock ?? systemClock,
      random: options.random ?? Math.random,
    })
  }

  /** A handle; creates nothing. Throws `TypeError` if a part is not a string. */
  partition(...parts: readonly string[]): Partition {
    assertParts(parts)
    return new Partition(this.#caller, encodePartitionId([...this.#root, ...parts]))
  }

  /**
   * The parts of every partition of this keyspace, in no order, each once. For maintenance: a scan of the whole
   * database. Fails with code `unsupported` where the driver cannot list.
   */
  async *partitions(options: CallOptions = {}): AsyncGenerator<string[]> {
    const prefix = `${encodePartitionId(this.#root)}:`
    for await (const id of this.#caller.list(prefix, options)) {
      const parts = partsOf(id)
      if (parts !== undefined) yield parts.slice(this.#root.length)
    }
  }
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
