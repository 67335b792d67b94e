import {
  type CallOptions,
  type Epoch,
  Keyspace,
  type KeyspaceOptions,
  type StorageDriver,
  lifetimeIn,
} from '@cairnkit/core'
import { birthKey, lifetimeKey, namespacesPrefix, pinKey } from '../records/keys.js'

/** The first names of the partitions that hold threads, leases on them, and those who wait for one. */
const THREADS = 'thread'
const LEASES = 'lease'
const QUEUES = 'lease-queue'

/** A thread as it is stored at this moment. */
export interface Presence {
  readonly epoch: Epoch
  /** By the storage, in milliseconds since 1970. */
  readonly nowMs: number
  /** Until it ends; `null`: it does not. */
  readonly leftMs: number | null
  /** The time of its own, in milliseconds. */
  readonly ownTtlMs: number | null
  readonly isPinned: boolean
}

/** The partitions that belong to a thread. */
export class ThreadPartitions {
  readonly threads: Keyspace
  readonly #leases: Keyspace
  readonly #queues: Keyspace

  constructor(driver: StorageDriver, options: KeyspaceOptions) {
    this.threads = new Keyspace(driver, [THREADS], options)
    this.#leases = new Keyspace(driver, [LEASES], options)
    this.#queues = new Keyspace(driver, [QUEUES], options)
  }

  /** `undefined`: there is no thread; a fence alone is none. One round trip. */
  async presenceOf(threadId: string, options: CallOptions = {}): Promise<Presence | undefined> {
    const [info, time, { names }, birth, own, pin] = await this.threads
      .partition(threadId)
      .read(
        [
          { type: 'info' },
          { type: 'time' },
          { type: 'names', prefix: namespacesPrefix, limit: 1 },
          { type: 'get', key: birthKey },
          { type: 'get', key: lifetimeKey },
          { type: 'get', key: pinKey },
        ],
        options,
      )
    if (info.epoch === null || (names.length === 0 && birth.record === undefined)) return undefined
    const lifetime = own.record && lifetimeIn(own.record.bytes)
    return {
      epoch: info.epoch,
      nowMs: time.nowMs,
      leftMs: info.ttlMs,
      ownTtlMs: typeof lifetime === 'number' ? lifetime : null,
      isPinned: pin.record !== undefined,
    }
  }

  /** Whether a lease on it is held. One round trip. */
  async isBusy(threadId: string, options: CallOptions = {}): Promise<boolean> {
    const [{ epoch }] = await this.#leases.partition(threadId).read([{ type: 'info' }], options)
    return epoch !== null
  }

  /** Removes the lease and the queue of those who wait: whoever has it loses it. */
  async dropLease(threadId: string, options: CallOptions = {}): Promise<void> {
    await Promise.all([
      this.#leases.partition(threadId).drop(options),
      this.#queues.partition(threadId).drop(options),
    ])
  }
}
