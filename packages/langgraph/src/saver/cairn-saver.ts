import { type CallOptions, Keyspace, type StorageDriver, processClock, systemClock } from '@cairnkit/core'
import type { RunnableConfig } from '@langchain/core/runnables'
import {
  BaseCheckpointSaver,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointTuple,
  type DeltaChannelHistory,
  type PendingWrite,
} from '@langchain/langgraph-checkpoint'
import type { Healing } from '../commit/healing.js'
import { ThreadCommits } from '../commit/thread-commits.js'
import { NodeCache } from '../engine/node-cache.js'
import { ValueCodec } from '../engine/value-codec.js'
import { Healer } from '../healing/healer.js'
import { TOMBSTONE_MS } from '../healing/tombstone.js'
import { ThreadMemory } from '../knowledge/thread-memory.js'
import { ThreadLeases } from '../lease/thread-leases.js'
import type { ThreadLease, WithThreadOptions } from '../lease/lease-options.js'
import { CheckpointReads } from './checkpoint-reads.js'
import { CheckpointWriter } from './checkpoint-writer.js'
import { deltaHistory } from './delta-history.js'
import { type HistoryWalk, HistoryWalks } from './history-walk.js'
import { listCheckpoints } from './listing/checkpoint-listing.js'
import { NamedCheckpoints } from './named-checkpoints.js'
import { type CairnSaverOptions, resolveSaverOptions } from './saver-options.js'
import {
  addressOf,
  assertId,
  assertMetadata,
  checkpointIdOf,
  commitOptionsOf,
  configOf,
  namespaceOf,
  requireAddress,
} from './thread-config.js'
import { type DropTools, dropThread } from './thread-drop.js'
import { Tuples } from './tuples.js'

/** The first name of every partition that holds a thread. */
const THREADS = 'thread'

/** How much of `cacheBytes` is for what is known of threads; the rest keeps objects. */
const SHARE_OF_KNOWLEDGE = 1 / 8

/** How much as well a listing may keep of each namespace that it goes through. */
const SHARE_OF_WALK = 1 / 8

/** What is known of threads at any `cacheBytes`: without it, puts would read first. */
const LEAST_KNOWLEDGE_BYTES = 1024 * 1024

/**
 * A LangGraph checkpointer on any Cairn driver.
 *
 * Every call is one round trip (a page of a listing, 256 ancestors of a delta channel's history). A failure of the
 * storage is a `StorageError`, never an empty thread; a mistake in the arguments is a `TypeError`. The driver stays the
 * caller's: close it when no saver uses it any more.
 */
export class CairnSaver extends BaseCheckpointSaver {
  readonly #reading: {
    readonly threads: Keyspace
    readonly reads: CheckpointReads
    readonly tuples: Tuples
  }
  readonly #writer: CheckpointWriter
  readonly #leases: ThreadLeases
  readonly #dropping: DropTools
  readonly #walkBytes: number
  /** Only where a put may be a conflict. */
  readonly #named: NamedCheckpoints | undefined
  /** Of the configs of tuples that a listing gave: what the listing has read. */
  readonly #walks = new WeakMap<object, HistoryWalk>()

  /** Throws `TypeError` for what is no driver, and for options that are none. */
  constructor(driver: StorageDriver, options: CairnSaverOptions = {}) {
    const {
      cacheBytes,
      healingBytes,
      keyspace,
      onConflict,
      healing: mode,
      observer,
    } = resolveSaverOptions(options)
    super(options.serde)
    const threads = new Keyspace(driver, [THREADS], keyspace)
    const leases = new ThreadLeases(driver, threads, keyspace, { clock: systemClock, processClock })
    const memory = new ThreadMemory(Math.max(LEAST_KNOWLEDGE_BYTES, cacheBytes * SHARE_OF_KNOWLEDGE))
    const codec = new ValueCodec(() => this.serde)
    const cache = new NodeCache(cacheBytes * (1 - SHARE_OF_KNOWLEDGE))
    const healing: Healing | undefined =
      mode === 'off'
        ? undefined
        : new Healer(mode, { clock: systemClock, cache, observer, maxBytes: healingBytes })
    const commits = new ThreadCommits(threads, leases, { memory, cache, healing })
    const reads = new CheckpointReads(threads, memory, cache)
    const tuples = new Tuples(codec, reads, () => this.getNextVersion(undefined))
    this.#reading = { threads, reads, tuples }
    this.#writer = new CheckpointWriter(threads, commits, { memory, codec, cache })
    this.#leases = leases
    const tombstoneMs = mode === 'thread' ? TOMBSTONE_MS : null
    this.#dropping = { threads, leases, memory, healing, tombstoneMs }
    this.#walkBytes = cacheBytes * SHARE_OF_WALK
    this.#named = onConflict === 'reject' ? new NamedCheckpoints() : undefined
  }

  /**
   * The checkpoint that the config names, or the latest of its thread and namespace, with its pending writes.
   * `undefined` when there is none, or when the config names no thread.
   */
  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const address = addressOf(config)
    if (address === undefined) return undefined
    const { threadId, namespace, checkpointId } = address
    const { reads, tuples } = this.#reading
    const stored =
      checkpointId === undefined
        ? await reads.readHead(threadId, namespace, callOptions(config))
        : await reads.readOne(threadId, namespace, checkpointId, callOptions(config))
    if (stored === undefined) return undefined
    const tuple = await tuples.tupleOf(stored, callOptions(config))
    return this.#named?.handOut(tuple, checkpointId !== undefined, config) ?? tuple
  }

  /**
   * The checkpoints that the config and the options name, newest first by id, read page by page while they are consumed.
   * A config without a thread, or `null`, lists all threads, which walks the whole database: for maintenance only.
   */
  override async *list(
    asked: RunnableConfig | null,
    options: CheckpointListOptions = {},
  ): AsyncGenerator<CheckpointTuple> {
    const config = asked ?? {}
    const threadId: unknown = config.configurable?.['thread_id']
    if (threadId !== undefined) assertId('thread_id', threadId)
    const query = {
      threadId,
      namespace: namespaceOf(config),
      checkpointId: checkpointIdOf(config),
      beforeId: options.before === undefined ? undefined : checkpointIdOf(options.before),
      filter: options.filter ?? {},
      limit: options.limit,
    }
    const walks = new HistoryWalks(this.#walkBytes)
    for await (const stored of listCheckpoints(this.#reading, query, callOptions(config))) {
      const tuple = await this.#reading.tuples.tupleOf(stored, callOptions(config))
      // Whoever goes on from one of these has chosen it.
      const given = this.#named?.handOut(tuple, true, config) ?? tuple
      this.#walks.set(given.config, walks.through(stored))
      yield given
    }
  }

  /**
   * Stores a checkpoint under the one that the config names. Its values are read before this returns a promise.
   *
   * A channel in `newVersions` gets the value that the checkpoint brings. Any other keeps the value that came with its
   * version, whatever was done to the object in place since; one that has no version is stored as it is brought. Without
   * `newVersions` all values are new; with `{}` none is.
   *
   * Resolves to the config under which it is found again.
   */
  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions?: ChannelVersions,
  ): Promise<RunnableConfig> {
    const address = requireAddress(config, 'put')
    assertId('checkpoint.id', checkpoint.id)
    assertMetadata(metadata)
    const { id } = checkpoint
    const { threadId, namespace } = address
    const isClaimed = this.#named?.isDeclaredFork(config, address, metadata) === false
    await this.#writer.storeCheckpoint(
      address,
      checkpoint,
      metadata,
      newVersions ?? undefined,
      isClaimed,
      commitOptionsOf(config),
    )
    return configOf(threadId, namespace, id)
  }

  /**
   * Stores pending writes of a task. Of writes to special channels the last one counts, of all others the first, so a
   * call may be repeated. May come before the put of its checkpoint.
   */
  override async putWrites(
    config: RunnableConfig,
    writes: PendingWrite[],
    taskId: string,
    taskPath = '',
  ): Promise<void> {
    const { checkpointId, ...thread } = requireAddress(config, 'putWrites')
    if (checkpointId === undefined) {
      throw new TypeError('putWrites needs a checkpoint: config.configurable.checkpoint_id is missing')
    }
    assertId('taskId', taskId)
    assertId('taskPath', taskPath)
    if (writes.length === 0) return
    const address = { ...thread, checkpointId }
    await this.#writer.storeWrites(address, writes, taskId, taskPath, commitOptionsOf(config))
  }

  /**
   * Removes a thread with all its namespaces. Nothing of it is left; with `healing: 'thread'` the storage remembers for an
   * hour that it was deleted. Within `withThread` only if the lease on it is still held.
   */
  override async deleteThread(threadId: string): Promise<void> {
    assertId('thread_id', threadId)
    await dropThread(this.#dropping, threadId)
  }

  /**
   * Runs `fn` while no other call of `withThread` has the thread, in any process on the same storage; those that wait
   * proceed in the order of their arrival. The lease is renewed while `fn` runs. Every write that this saver makes to the
   * thread within `fn` is stored only if the lease is still held, and fails with `LeaseLostError` otherwise. Reads are
   * never held up. A call within `fn` for the same thread runs under the same lease.
   *
   * Throws `LeaseTimeoutError` when the lease was not to be had within `waitMs`, the reason of `signal` when that fires
   * while it waits, and what `fn` throws.
   */
  async withThread<T>(
    threadId: string,
    fn: (lease: ThreadLease) => Promise<T>,
    options: WithThreadOptions = {},
  ): Promise<T> {
    assertId('thread_id', threadId)
    return await this.#leases.run(threadId, fn, options)
  }

  /**
   * See `BaseCheckpointSaver.getDeltaChannelHistory`; this one needs one round trip for 256 ancestors, and goes over them
   * once for all tuples of one listing.
   */
  override async getDeltaChannelHistory(options: {
    config: RunnableConfig
    channels: string[]
  }): Promise<Record<string, DeltaChannelHistory>> {
    const address = addressOf(options.config)
    if (address === undefined || options.channels.length === 0) {
      return Object.fromEntries(options.channels.map((channel) => [channel, { writes: [] }]))
    }
    const walk = this.#walks.get(options.config)
    return await deltaHistory(this.#reading, address, options.channels, callOptions(options.config), walk)
  }
}

/** A run that is cancelled need not wait for a read. Writes are not cancelled: what was computed is to be kept. */
function callOptions(config: RunnableConfig): CallOptions {
  return config.signal === undefined ? {} : { signal: config.signal }
}
