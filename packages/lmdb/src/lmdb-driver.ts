import {
  type Batch,
  type CallOptions,
  type Classification,
  type CommitOptions,
  type CommitResult,
  type DriverFactory,
  DriverFault,
  type DriverCapabilities,
  type PartitionId,
  type Read,
  type ReadOptions,
  type ReadResult,
  type StorageDriver,
  afterPrefix,
  assertKnownOptions,
  assertMs,
  assertWhole,
  closed,
  driverFactory,
  refuseAborted,
  withDeadline,
} from '@cairnkit/core/driver'
import type { Access } from './access.js'
import { answerRead } from './answer-read.js'
import { applyAll, holds } from './apply-batch.js'
import { type Environment, acquire, release } from './environment.js'
import { allHeaders } from './layout.js'
import { classifyLmdbError, noTurn } from './lmdb-errors.js'
import { decodeHeader, isExpired, isTombstone } from './partition-header.js'
import { pathOfUrl } from './path-of-url.js'
import { type PreparedBatch, prepare } from './prepared-batch.js'
import { StoredPartition, dropPartition } from './stored-partition.js'

/** The options of `createLmdbDriver`. */
export interface LmdbDriverOptions {
  /** The folder of the database. It is created if it does not exist. */
  readonly path: string
  /** The initial size of the memory map, in bytes. It grows by itself. @default that of the lmdb library */
  readonly mapSizeBytes?: number
  /**
   * How long a write waits for its turn if its call has no limit of its own, in milliseconds. After that it fails with code
   * `timeout`. @default 15000
   */
  readonly timeoutMs?: number
  /** Returns the time in milliseconds, by which partitions expire. Use the same in all processes. @default Date.now */
  readonly clock?: () => number
}

const MIB = 1024 * 1024
const DEFAULT_TIMEOUT_MS = 15_000
const PAGE_OF_PARTITIONS = 256

const capabilities: DriverCapabilities = Object.freeze({
  sharing: 'machine',
  durability: 'disk',
  partitionListing: true,
  limits: Object.freeze({ maxKeyBytes: MIB, maxValueBytes: 256 * MIB, maxBatchBytes: 512 * MIB }),
})

const known: readonly (keyof LmdbDriverOptions)[] = ['path', 'mapSizeBytes', 'timeoutMs', 'clock']

/**
 * Creates a driver that stores everything in a local folder, for one or several processes of this machine. The folder is opened
 * at the first call. Throws a `TypeError` for an invalid option.
 */
export const createLmdbDriver: DriverFactory<[options: LmdbDriverOptions]> = /* @__PURE__ */ driverFactory(
  create,
  {
    name: 'lmdb',
    schemes: ['lmdb'],
    create: (url, settings) => create({ path: pathOfUrl(url, settings) }),
  },
)

function create(options: LmdbDriverOptions): StorageDriver {
  if (typeof options?.path !== 'string' || options.path === '')
    throw new TypeError(`path must name the folder of the database, got ${JSON.stringify(options?.path)}`)
  assertKnownOptions('createLmdbDriver', options, known)
  if (options.timeoutMs !== undefined) assertMs('timeoutMs', options.timeoutMs)
  if (options.mapSizeBytes !== undefined) assertWhole('mapSizeBytes', options.mapSizeBytes, 'bytes')
  return new LmdbDriver(Object.freeze({ ...options }))
}

class LmdbDriver implements StorageDriver {
  readonly name = 'lmdb'
  readonly capabilities: DriverCapabilities = capabilities
  readonly #options: LmdbDriverOptions
  readonly #now: () => number
  #environment: Promise<Environment> | undefined
  #closing: Promise<void> | undefined

  constructor(options: LmdbDriverOptions) {
    this.#options = options
    this.#now = options.clock ?? Date.now
  }

  async open(options?: CallOptions): Promise<void> {
    this.#begin(options)
    await this.#opened()
  }

  async close(): Promise<void> {
    this.#closing ??= this.#release()
    await this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async read(id: PartitionId, reads: readonly Read[], options?: ReadOptions): Promise<ReadResult[]> {
    this.#begin(options)
    const [asked, known] = [structuredClone(reads), new Set(options?.known)]
    const environment = await this.#opened()
    return environment.read((access) => {
      const now = this.#now()
      const partition = new StoredPartition(access, id, now)
      return asked.map((read) => answerRead(partition, read, now, known))
    })
  }

  async commit(id: PartitionId, batch: Batch, options?: CommitOptions): Promise<CommitResult> {
    this.#begin(options)
    const prepared = prepare(batch)
    const result = await this.#write((access) => commit(access, id, prepared, this.#now()), options)
    if (options?.durability === undefined || !result.ok) return result
    // A write resolves when it is on this machine's disk; there are no replicas.
    return { ...result, acknowledged: { replicas: 0, fsynced: true } }
  }

  async drop(id: PartitionId, options?: CallOptions): Promise<boolean> {
    this.#begin(options)
    return await this.#write((access) => dropPartition(access, id, this.#now()), options)
  }

  async *partitions(prefix: string, options?: CallOptions): AsyncGenerator<PartitionId> {
    this.#begin(options)
    const environment = await this.#opened()
    let from: Uint8Array | undefined = allHeaders.from
    while (from !== undefined) {
      // No transaction stays open between pages: it would keep LMDB from using freed pages anew.
      const page = environment.read((access) => pageOfPartitions(access, from as Uint8Array, this.#now()))
      for (const id of page.ids) {
        if (!id.startsWith(prefix)) continue
        yield id
        this.#begin(options)
      }
      from = page.next
    }
  }

  classify(cause: unknown): Classification {
    return classifyLmdbError(cause)
  }

  async #write<T>(work: (access: Access) => T, options: CallOptions | undefined): Promise<T> {
    const timeoutMs = options?.timeoutMs ?? this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS
    const written = this.#opened().then((environment) => environment.write(work))
    const inTime = withDeadline(written, timeoutMs, options?.signal, 'the write did not get its turn')
    return await inTime.catch((cause: unknown) => {
      throw DriverFault.isInstance(cause) && cause.code === 'timeout'
        ? new DriverFault(noTurn, cause.message)
        : cause
    })
  }

  #begin(options: CallOptions | undefined): void {
    if (this.#closing !== undefined) throw closed()
    refuseAborted(options?.signal)
  }

  /** Opens at the first use. One that failed is forgotten, so that the next call tries anew. */
  async #opened(): Promise<Environment> {
    this.#environment ??= acquire(this.#options.path, this.#options.mapSizeBytes).catch((cause: unknown) => {
      this.#environment = undefined
      throw cause
    })
    return await this.#environment
  }

  async #release(): Promise<void> {
    const environment = await this.#environment?.catch(() => undefined)
    if (environment !== undefined) await release(environment)
  }
}

function commit(access: Access, id: PartitionId, batch: PreparedBatch, now: number): CommitResult {
  const partition = new StoredPartition(access, id, now)
  const failedChecks = batch.checks.flatMap((check, at) => (holds(partition, check) ? [] : [at]))
  const { epoch, droppedUntil } = partition
  if (failedChecks.length > 0) return { ok: false, failedChecks, epoch, dropped: droppedUntil !== null }
  if (batch.mutations.length === 0) return { ok: true, created: false, epoch, dropped: droppedUntil !== null }
  partition.reclaim()
  const removed = applyAll(partition, batch.mutations, now)
  const created = partition.save()
  const { expiresAt } = partition
  const isToldOfExpiry = partition.epoch !== null && batch.mutations.some(({ type }) => type === 'expire')
  return {
    ok: true,
    created,
    epoch: partition.epoch,
    dropped: partition.droppedUntil !== null,
    ...(isToldOfExpiry ? { ttlMs: expiresAt === null ? null : expiresAt - now } : {}),
    ...(removed === undefined ? {} : { removed }),
  }
}

interface PageOfPartitions {
  readonly ids: readonly PartitionId[]
  /** Where the next page begins; `undefined`: this was the last one. */
  readonly next: Uint8Array | undefined
}

function pageOfPartitions(access: Access, from: Uint8Array, now: number): PageOfPartitions {
  const ids: PartitionId[] = []
  let seen = 0
  for (const { key, value } of access.entries({ from, until: allHeaders.until })) {
    const header = decodeHeader(key, value)
    if (!isExpired(header, now) && !isTombstone(header)) ids.push(header.id)
    if (++seen === PAGE_OF_PARTITIONS) return { ids, next: afterPrefix(key) }
  }
  return { ids, next: undefined }
}
