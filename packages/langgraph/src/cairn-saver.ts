import { type CallOptions, Keyspace, type StorageDriver, successor, systemClock } from '@cairnkit/core'
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
import { isDeclaredFork, markAddressed } from './addressed.js'
import { listCheckpoints } from './checkpoint-listing.js'
import { tupleOf } from './checkpoint-reader.js'
import { storeCheckpoint, storeWrites } from './checkpoint-writer.js'
import { deltaHistory } from './delta-history.js'
import { NodeCache } from './engine/node-cache.js'
import { ValueCodec } from './engine/value-codec.js'
import { HistoryWalks } from './history-walk.js'
import { ThreadLeases } from './lease/thread-leases.js'
import type { ThreadLease, WithThreadOptions } from './lease/lease-options.js'
import type { SaverContext } from './saver-context.js'
import { type CairnSaverOptions, resolveSaverOptions } from './saver-options.js'
import {
  addressOf,
  assertId,
  checkpointIdOf,
  commitOptionsOf,
  configOf,
  namespaceOf,
  requireAddress,
} from './thread-config.js'
import { dropThread } from './thread-drop.js'
import { ThreadMemory } from './thread-memory.js'
import { readCheckpoints } from './thread-read.js'
import { ThreadTails } from './thread-tails.js'

/** The first name of every partition that holds a thread. */
const THREADS = 'thread'

/** How much of the cache remembers what was written of late; the rest keeps what reads need. */
const SHARE_FOR_WRITING = 0.25

/**
 * A LangGraph checkpointer on any Cairn driver.
 *
 * Every call is one round trip (a page of a listing, 256 ancestors of a delta channel's history). A failure of the
 * storage is a `StorageError`, never an empty thread; a mistake in the arguments is a `TypeError`. The driver stays the
 * caller's: close it when no saver uses it any more.
 */
export class CairnSaver extends BaseCheckpointSaver {
  readonly #context: SaverContext
  readonly #firstVersion = (current: undefined): number => this.getNextVersion(current)

  /** Throws `TypeError` for what is no driver, and for options that are none. */
  constructor(driver: StorageDriver, options: CairnSaverOptions = {}) {
    const { cacheBytes, keyspace, onConflict, healing, observer } = resolveSaverOptions(options)
    super(options.serde)
    const threads = new Keyspace(driver, [THREADS], keyspace)
    this.#context = {
      threads,
      memory: new ThreadMemory(),
      codec: new ValueCodec(() => this.serde, cacheBytes * SHARE_FOR_WRITING),
      cache: new NodeCache(cacheBytes * (1 - SHARE_FOR_WRITING)),
      walks: new WeakMap(),
      onConflict,
      healing,
      tails: healing === 'off' ? undefined : new ThreadTails(systemClock),
      leases: new ThreadLeases(driver, threads, keyspace, systemClock),
      observer,
    }
  }

  /**
   * The checkpoint that the config names, or the latest of its thread and namespace, with its pending writes.
   * `undefined` when there is none, or when the config names no thread.
   */
  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const address = addressOf(config)
    if (address === undefined) return undefined
    const { threadId, namespace, checkpointId } = address
    const bounds = checkpointId === undefined ? {} : { from: checkpointId, until: successor(checkpointId) }
    const range = { ...bounds, limit: 1 }
    const [stored] = await readCheckpoints(this.#context, threadId, namespace, range, callOptions(config))
    if (stored === undefined) return undefined
    const tuple = await tupleOf(this.#context, stored, this.#firstVersion, callOptions(config))
    return this.#handOut(tuple, checkpointId !== undefined, config)
  }

  /**
   * The checkpoints that the config and the options name, newest first by id, read page by page while they are consumed.
   * A config without a thread lists all threads, which walks the whole database: for maintenance only.
   */
  override async *list(
    config: RunnableConfig,
    options: CheckpointListOptions = {},
  ): AsyncGenerator<CheckpointTuple> {
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
    const walks = new HistoryWalks()
    for await (const stored of listCheckpoints(this.#context, query, callOptions(config))) {
      const tuple = await tupleOf(this.#context, stored, this.#firstVersion, callOptions(config))
      // Whoever goes on from one of these has chosen it.
      const given = this.#handOut(tuple, true, config)
      this.#context.walks.set(given.config, walks.through(stored))
      yield given
    }
  }

  /**
   * Stores a checkpoint under the one that the config names. Its values are read before this returns a promise.
   * Resolves to the config under which it is found again.
   */
  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
  ): Promise<RunnableConfig> {
    const address = requireAddress(config, 'put')
    assertId('checkpoint.id', checkpoint.id)
    const { id } = checkpoint
    const options = { ...commitOptionsOf(config), isFork: isDeclaredFork(config, address, metadata) }
    await storeCheckpoint(this.#context, address, checkpoint, metadata, newVersions, options)
    return configOf(address.threadId, address.namespace, id)
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
    await storeWrites(this.#context, address, writes, taskId, taskPath, commitOptionsOf(config))
  }

  /**
   * Removes a thread with all its namespaces. Nothing of it is left; with `healing: 'thread'` the storage remembers for an
   * hour that it was deleted. Within `withThread` only if the lease on it is still held.
   */
  override async deleteThread(threadId: string): Promise<void> {
    assertId('thread_id', threadId)
    await dropThread(this.#context, threadId)
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
    return await this.#context.leases.run(threadId, fn, options)
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
    const walk = this.#context.walks.get(options.config)
    return await deltaHistory(this.#context, address, options.channels, callOptions(options.config), walk)
  }

  /** LangGraph puts what it makes of a tuple under the config of the tuple: so that is where a fork is declared. */
  #handOut(tuple: CheckpointTuple, byId: boolean, asked: RunnableConfig): CheckpointTuple {
    return this.#context.onConflict === 'reject' ? markAddressed(tuple, byId, asked) : tuple
  }
}

/** A run that is cancelled need not wait for a read. Writes are not cancelled: what was computed is to be kept. */
function callOptions(config: RunnableConfig): CallOptions {
  return config.signal === undefined ? {} : { signal: config.signal }
}
