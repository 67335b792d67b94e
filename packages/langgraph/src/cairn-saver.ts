import { type CallOptions, Keyspace, type StorageDriver, successor } from '@cairnkit/core'
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
import { listCheckpoints } from './checkpoint-listing.js'
import { tupleOf } from './checkpoint-reader.js'
import { storeCheckpoint, storeWrites } from './checkpoint-writer.js'
import { deltaHistory } from './delta-history.js'
import { NodeCache } from './engine/node-cache.js'
import { ValueCodec } from './engine/value-codec.js'
import { HistoryWalks } from './history-walk.js'
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
import { ThreadMemory } from './thread-memory.js'
import { readCheckpoints } from './thread-read.js'

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
    const { cacheBytes, keyspace } = resolveSaverOptions(options)
    super(options.serde)
    this.#context = {
      threads: new Keyspace(driver, [THREADS], keyspace),
      memory: new ThreadMemory(),
      codec: new ValueCodec(() => this.serde, cacheBytes * SHARE_FOR_WRITING),
      cache: new NodeCache(cacheBytes * (1 - SHARE_FOR_WRITING)),
      walks: new WeakMap(),
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
    return await tupleOf(this.#context, stored, this.#firstVersion, callOptions(config))
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
      this.#context.walks.set(tuple.config, walks.through(stored))
      yield tuple
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
    await storeCheckpoint(this.#context, address, checkpoint, metadata, newVersions, commitOptionsOf(config))
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

  /** Removes a thread with all its namespaces; nothing of it is left. */
  override async deleteThread(threadId: string): Promise<void> {
    assertId('thread_id', threadId)
    this.#context.memory.forget(threadId)
    await this.#context.threads.partition(threadId).drop()
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
}

/** A run that is cancelled need not wait for a read. Writes are not cancelled: what was computed is to be kept. */
function callOptions(config: RunnableConfig): CallOptions {
  return config.signal === undefined ? {} : { signal: config.signal }
}
