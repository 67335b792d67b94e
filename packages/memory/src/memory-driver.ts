import {
  type Batch,
  type CallOptions,
  type Classification,
  type CommitOptions,
  type CommitResult,
  type DriverCapabilities,
  type DriverFactory,
  DriverFault,
  type PartitionId,
  type Read,
  type ReadOptions,
  type ReadResult,
  type StorageDriver,
  assertKnownOptions,
  closed,
  driverFactory,
  newEpoch,
  parseStorageUrl,
  readUrlSettings,
  refuseAborted,
  show,
  unknownFailure,
} from '@cairnkit/core/driver'
import { answerRead } from './answer-read.js'
import { applyAll, holds } from './apply-batch.js'
import { type PartitionState, emptyPartition, isEmpty } from './partition-state.js'

/** The options of `createMemoryDriver`. */
export interface MemoryDriverOptions {
  /** Returns the time in milliseconds, by which partitions expire. @default Date.now */
  readonly clock?: () => number
}

const MIB = 1024 * 1024

const capabilities: DriverCapabilities = Object.freeze({
  sharing: 'process',
  durability: 'none',
  partitionListing: true,
  limits: Object.freeze({ maxKeyBytes: MIB, maxValueBytes: 256 * MIB, maxBatchBytes: 512 * MIB }),
})

/**
 * Creates a driver that keeps everything in the memory of this process, until it is closed. It is the executable model of the
 * contract. Throws a `TypeError` for an invalid option.
 *
 * Every method does its work before it returns its promise, so each call is atomic.
 */
export const createMemoryDriver: DriverFactory<[options?: MemoryDriverOptions]> =
  /* @__PURE__ */ driverFactory(create, {
    name: 'memory',
    schemes: ['memory'],
    create: (url, settings) => {
      const parsed = parseStorageUrl(url)
      const { path, hosts = [] } = parsed
      readUrlSettings(parsed, settings)
      if (path !== '' || hosts.join() !== '') throw new TypeError('url: memory: has nothing after its colon')
      return create()
    },
  })

function create(options: MemoryDriverOptions = {}): StorageDriver {
  assertKnownOptions('createMemoryDriver', options, ['clock'] satisfies (keyof MemoryDriverOptions)[])
  const { clock = Date.now } = options
  if (typeof clock !== 'function') throw new TypeError(`clock must be a function, got ${show(clock)}`)
  return new MemoryDriver(clock)
}

class MemoryDriver implements StorageDriver {
  readonly name = 'memory'
  readonly capabilities: DriverCapabilities = capabilities
  readonly #clock: () => number
  readonly #partitions = new Map<PartitionId, PartitionState>()
  #closed = false
  /** How many partitions there are when the expired ones are looked for next. */
  #purgeAt = 64

  constructor(clock: () => number) {
    this.#clock = clock
  }

  async open(options?: CallOptions): Promise<void> {
    this.#begin(options)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#partitions.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async read(id: PartitionId, reads: readonly Read[], options?: ReadOptions): Promise<ReadResult[]> {
    const now = this.#begin(options)
    const state = this.#state(id, now) ?? emptyPartition()
    const known = new Set(options?.known)
    return reads.map((read) => answerRead(state, read, now, known))
  }

  async commit(id: PartitionId, batch: Batch, options?: CommitOptions): Promise<CommitResult> {
    const now = this.#begin(options)
    const state = this.#state(id, now) ?? emptyPartition()
    const failedChecks = (batch.checks ?? []).flatMap((check, at) => (holds(state, check) ? [] : [at]))
    if (failedChecks.length > 0) {
      return { ok: false, failedChecks, epoch: state.epoch, dropped: state.droppedUntil !== null }
    }

    const mutations = batch.mutations ?? []
    const removed = applyAll(state, mutations, now)
    const told = removed === undefined ? {} : { removed }
    // Whether there is a partition is judged on what the batch leaves: it may empty and refill one.
    if (isEmpty(state)) {
      const { droppedUntil } = state
      if (droppedUntil === null) this.#partitions.delete(id)
      else this.#partitions.set(id, { ...emptyPartition(), droppedUntil })
      return {
        ok: true,
        created: false,
        epoch: null,
        dropped: droppedUntil !== null,
        ...told,
        ...acknowledged(options),
      }
    }
    const created = state.epoch === null
    state.epoch ??= newEpoch()
    state.droppedUntil = null
    this.#partitions.set(id, state)
    this.#purge(now)
    const { epoch, expiresAt } = state
    const expiry = mutations.some(({ type }) => type === 'expire')
      ? { ttlMs: expiresAt === null ? null : expiresAt - now }
      : {}
    return { ok: true, created, epoch, dropped: false, ...expiry, ...told, ...acknowledged(options) }
  }

  async drop(id: PartitionId, options?: CallOptions): Promise<boolean> {
    const now = this.#begin(options)
    return this.#isThere(id, now) && this.#partitions.delete(id)
  }

  async *partitions(prefix: string, options?: CallOptions): AsyncGenerator<PartitionId> {
    this.#begin(options)
    for (const id of this.#partitions.keys()) {
      if (!id.startsWith(prefix) || !this.#isThere(id, this.#begin(options))) continue
      yield id
      this.#begin(options)
    }
  }

  /** Nothing fails here but what names itself. */
  classify(cause: unknown): Classification {
    return DriverFault.isInstance(cause) ? cause : unknownFailure
  }

  /** The instant of the call, if it may be made at all. */
  #begin(options: CallOptions | undefined): number {
    if (this.#closed) throw closed()
    refuseAborted(options?.signal)
    return this.#clock()
  }

  #isThere(id: PartitionId, now: number): boolean {
    const state = this.#state(id, now)
    return state !== undefined && !isEmpty(state)
  }

  /** The partition or its tombstone, if there is one; what has expired is removed on the way. */
  #state(id: PartitionId, now: number): PartitionState | undefined {
    const state = this.#partitions.get(id)
    const endsAt = state?.expiresAt ?? state?.droppedUntil ?? null
    const isExpired = endsAt !== null && endsAt <= now
    if (isExpired) this.#partitions.delete(id)
    return isExpired ? undefined : state
  }

  /** Partitions that nobody names again must not stay for ever: looks through all whenever they have doubled. */
  #purge(now: number): void {
    if (this.#partitions.size < this.#purgeAt) return
    for (const id of this.#partitions.keys()) this.#state(id, now)
    this.#purgeAt = Math.max(64, this.#partitions.size * 2)
  }
}

/** Memory has no copies and no disk. */
function acknowledged(options: CommitOptions | undefined): Pick<CommitResult & { ok: true }, 'acknowledged'> {
  return options?.durability === undefined ? {} : { acknowledged: { replicas: 0, fsynced: false } }
}
