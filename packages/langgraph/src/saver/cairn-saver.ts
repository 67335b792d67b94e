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
  ERROR,
  INTERRUPT,
  type PendingWrite,
  RESUME,
} from '@langchain/langgraph-checkpoint'
import type { Healing } from '../commit/healing.js'
import { BackgroundWork } from '../background/background-work.js'
import { ThreadCommits } from '../commit/thread-commits.js'
import { ObjectCache } from '../engine/objects/object-cache.js'
import { ValueCodec } from '../engine/values/value-codec.js'
import { RenewalByReads } from '../expiry/renewal-by-reads.js'
import { ThreadExpiry } from '../expiry/thread-expiry.js'
import { Healer } from '../healing/healer.js'
import { TOMBSTONE_MS } from '../healing/tombstone.js'
import { KnownThreads } from '../knowledge/known-threads.js'
import type { ThreadLease, WithThreadOptions } from '../lease/lease-options.js'
import { ThreadLeases } from '../lease/thread-leases.js'
import { type CopyTools, copyThread } from '../retention/copy-thread.js'
import { deleteForRuns } from '../retention/delete-for-runs.js'
import type { PruneTools } from '../retention/prune-thread.js'
import { type PruneOptions, type PruneReport, pruneThreads } from '../retention/prune-threads.js'
import { Removals } from '../retention/removals.js'
import { Retention } from '../retention/retention.js'
import type { WrittenKind } from '../threads/thread-news.js'
import { listCheckpoints } from './listing/checkpoint-listing.js'
import { NamedCheckpoints, isReplay } from './named-checkpoints.js'
import { CheckpointReads } from './reading/checkpoint-reads.js'
import { deltaHistory } from './reading/delta-history.js'
import { type HistoryWalk, HistoryWalks } from './reading/history-walk.js'
import { Tuples } from './reading/tuples.js'
import { type CairnSaverOptions, type ThreadDirectory, resolveSaverOptions } from './saver-options.js'
import {
  addressOf,
  assertId,
  assertMetadata,
  checkpointIdOf,
  commitOptionsOf,
  configOf,
  namespaceOf,
  requireAddress,
  ttlMsOf,
} from './thread-config.js'
import { runTagsOf } from './run-tags.js'
import { type DropTools, dropEmptied, dropThread } from './thread-drop.js'
import { CheckpointWriter } from './writing/checkpoint-writer.js'

/** The first name of every partition that holds a thread. */
const THREADS = 'thread'

/** How much of `cacheBytes` is for what is known of threads; the rest keeps objects. */
const SHARE_OF_KNOWLEDGE = 1 / 8

/** How much as well a listing may keep of each namespace that it goes through. */
const SHARE_OF_WALK = 1 / 8

/** What is known of threads at any `cacheBytes`: without it, puts would read first. */
const LEAST_KNOWLEDGE_BYTES = 1024 * 1024

/**
 * A LangGraph checkpointer that stores threads with any Cairn driver.
 *
 * Every call takes one round trip (a listing one for each page, the history of a delta channel one for 256 ancestors). A
 * failure of the storage is a `StorageError`, never an empty thread. A mistake in the arguments is a `TypeError`. A saver does
 * not close its driver: close it when no saver uses it any more.
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
  readonly #pruning: PruneTools
  readonly #copying: CopyTools
  readonly #retention: Retention | undefined
  readonly #walkBytes: number
  readonly #directory: ThreadDirectory | undefined
  /** Only where a put may be a conflict. */
  readonly #named: NamedCheckpoints | undefined
  /** What a listing has read, by the config of each tuple that it returned. */
  readonly #walks = new WeakMap<object, HistoryWalk>()
  readonly #drop = async (threadId: string): Promise<void> => {
    await dropThread(this.#dropping, threadId)
    await this.#directory?.removed(threadId)
  }

  readonly #dropEmptied = async (threadId: string): Promise<void> => {
    if (await dropEmptied(this.#dropping, threadId)) await this.#directory?.removed(threadId)
  }

  /** Throws a `TypeError` for an invalid driver or option. */
  constructor(driver: StorageDriver, options: CairnSaverOptions = {}) {
    const {
      cacheBytes,
      healingBytes,
      keyspace,
      onConflict,
      expiry: lifetime,
      retention,
      threads: directory,
      healing: mode,
      observer,
    } = resolveSaverOptions(options)
    super(options.serde)
    const threads = new Keyspace(driver, [THREADS], keyspace)
    const background = new BackgroundWork(observer)
    const expiry = new ThreadExpiry(lifetime)
    const clocks = { clock: systemClock, processClock }
    const leases = new ThreadLeases(driver, threads, keyspace, clocks, expiry.atBirth)
    const knownThreads = new KnownThreads(Math.max(LEAST_KNOWLEDGE_BYTES, cacheBytes * SHARE_OF_KNOWLEDGE))
    const codec = new ValueCodec(() => this.serde)
    const cache = new ObjectCache(cacheBytes * (1 - SHARE_OF_KNOWLEDGE))
    const healing: Healing | undefined =
      mode === 'off'
        ? undefined
        : new Healer(mode, { clock: systemClock, cache, observer, maxBytes: healingBytes })
    const removals = new Removals()
    const commits = new ThreadCommits(threads, leases, { knownThreads, cache, healing, removals })
    const renewal = expiry.isRenewedByReads ? new RenewalByReads(threads, expiry, background) : undefined
    const reads = new CheckpointReads(threads, knownThreads, cache, renewal)
    const tuples = new Tuples(codec, reads, observer, () => this.getNextVersion(undefined))
    this.#reading = { threads, reads, tuples }
    this.#writer = new CheckpointWriter(threads, commits, expiry, { knownThreads, codec, cache })
    this.#leases = leases
    const tombstoneMs = mode === 'thread' ? TOMBSTONE_MS : null
    this.#dropping = { threads, leases, knownThreads, healing, tombstoneMs }
    this.#pruning = { threads, tuples, cache, leases, knownThreads, healing, removals, observer }
    this.#copying = { threads, expiry }
    this.#retention = retention && new Retention(retention, this.#pruning, background)
    this.#walkBytes = cacheBytes * SHARE_OF_WALK
    this.#directory = directory
    directory?.useOperations({
      renewal: lifetime && expiry.renewal,
      drop: async (threadId) => await dropThread(this.#dropping, threadId),
      prune: async (threadIds, pruning) => await this.prune(threadIds, pruning),
      copy: async (source, target) => await this.copyThread(source, target),
    })
    this.#named = onConflict === 'reject' ? new NamedCheckpoints() : undefined
  }

  /**
   * Returns the checkpoint that the config names, or the head of its thread and namespace, with its pending writes. Returns
   * `undefined` if there is none, or if the config names no thread.
   *
   * A value that cannot be read here throws a `StorageError` with code `unreadable` when it is taken from the tuple. The rest of
   * the tuple is as it was stored.
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
    const tuple = await tuples.tupleOf(stored, 'getter', callOptions(config))
    return this.#named?.handOut(tuple, checkpointId !== undefined, config) ?? tuple
  }

  /**
   * Lists the checkpoints that the config and the options select, descending by id. Pages are read while the result is
   * consumed. A config without a thread, or `null`, lists all threads: that scans the whole database, so use it for
   * maintenance only.
   *
   * A value that cannot be read here is replaced by the `StorageError` that says why.
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
    const stand = isReplay(config) ? 'getter' : 'error'
    for await (const stored of listCheckpoints(this.#reading, query, callOptions(config))) {
      const tuple = await this.#reading.tuples.tupleOf(stored, stand, callOptions(config))
      // Whoever goes on from one of these has chosen it.
      const given = this.#named?.handOut(tuple, true, config) ?? tuple
      this.#walks.set(given.config, walks.through(stored))
      yield given
    }
  }

  /**
   * Stores a checkpoint as a child of the one that the config names. Its values are read before this method returns its
   * promise.
   *
   * A channel in `newVersions` gets the value in the checkpoint. Any other channel keeps the value that came with its version,
   * whatever was done to the object in place since. A channel without a version is stored as it is. Without `newVersions`, all
   * values are new; with `{}`, none is. What a tuple has in the place of an unreadable value is stored as that value.
   *
   * Resolves to the config that names the stored checkpoint. Throws a `TypeError` for a value that could not be read back, and
   * `ThreadConflictError` for a conflict with `onConflict: 'reject'`.
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
    const claim = this.#named?.claimOf(config, address, metadata) ?? 'none'
    const values = checkpoint.channel_values
    const run = runTagsOf(config, this.#directory?.indexedKeys ?? [])
    const outcome = await this.#writer.storeCheckpoint(
      address,
      checkpoint,
      metadata,
      newVersions ?? undefined,
      {
        claim,
        run,
        ttlMs: ttlMsOf(config),
      },
      commitOptionsOf(config),
    )
    this.#directory?.stored({ threadId, namespace, checkpointId: id, run, values: () => values, ...outcome })
    if (namespace === '') this.#retention?.stored(threadId, namespace, metadata.step)
    return configOf(threadId, namespace, id)
  }

  /**
   * Stores pending writes of a task. Of several writes to a special channel the last one counts, and of any other the first, so
   * a call may be repeated. It may come before the put of its checkpoint.
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
    const context = { taskId, taskPath, ttlMs: ttlMsOf(config) }
    const outcome = await this.#writer.storeWrites(address, writes, context, commitOptionsOf(config))
    if (this.#directory === undefined) return
    const kind = kindOf(writes)
    const values = writes.filter(([channel]) => kindOfChannel(channel) === kind).map(([, value]) => value)
    this.#directory.written({ ...address, taskId, kind, values, ...outcome })
  }

  /**
   * Removes a thread with all its namespaces. Nothing of it is left, except that with `healing: 'thread'` the storage remembers
   * the deletion for an hour. Within `withThread` it removes the thread only if the lease is still held.
   */
  override async deleteThread(threadId: string): Promise<void> {
    assertId('thread_id', threadId)
    await this.#drop(threadId)
  }

  /**
   * Removes the old checkpoints of threads: all but the newest of the root graph, and what belongs to those. Pending writes,
   * interrupts, the heads of subgraphs, and what a delta channel is made of stay with the checkpoints that stay. `strategy:
   * 'delete'` removes the threads. A thread that is not there is no error. Resolves to what was removed.
   */
  async prune(threadIds: readonly string[], options: PruneOptions = {}): Promise<PruneReport> {
    for (const threadId of threadIds) assertId('thread_id', threadId)
    return await pruneThreads(this.#pruning, this.#drop, threadIds, options)
  }

  /**
   * Copies a thread as it is now: all checkpoints with their ids, metadata and pending writes. A thread that is not there copies to
   * nothing. Throws `ThreadExistsError` if the target holds checkpoints.
   */
  async copyThread(sourceThreadId: string, targetThreadId: string): Promise<void> {
    assertId('the source thread_id', sourceThreadId)
    assertId('the target thread_id', targetThreadId)
    await copyThread(this.#copying, sourceThreadId, targetThreadId)
  }

  /**
   * Removes the checkpoints and pending writes that runs have stored, by the `run_id` in `config.configurable` or
   * `config.metadata` of their calls. What a delta channel of another run is made of stays. It looks at all threads, so use it for
   * maintenance only.
   */
  async deleteForRuns(runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) assertId('run_id', runId)
    await deleteForRuns(this.#pruning, this.#dropEmptied, runIds)
  }

  /**
   * Runs `fn` while no other `withThread` call runs on the thread, in any process on the same storage. Waiting calls proceed in
   * the order of their arrival. The lease is renewed while `fn` runs. A write that this saver makes to the thread within `fn` is
   * stored only if the lease is still held, and fails with `LeaseLostError` otherwise. Reads are never delayed. A nested call
   * for the same thread runs under the same lease.
   *
   * Resolves to the result of `fn`. Throws `LeaseTimeoutError` if it does not get the lease within `waitMs`, the reason of
   * `signal` if that fires during the wait, and what `fn` throws.
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
   * See `BaseCheckpointSaver.getDeltaChannelHistory`. It takes one round trip for 256 ancestors. For the tuples of one listing,
   * it reads the ancestors only once.
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

function kindOf(writes: readonly PendingWrite[]): WrittenKind {
  const kinds = writes.map(([channel]) => kindOfChannel(channel))
  return kinds.find((kind) => kind !== 'other') ?? 'other'
}

function kindOfChannel(channel: string): WrittenKind {
  switch (channel) {
    case INTERRUPT:
      return 'interrupt'
    case ERROR:
      return 'error'
    case RESUME:
      return 'resume'
    default:
      return 'other'
  }
}

/** A cancelled run need not wait for a read. Writes are not cancelled, so that computed results are kept. */
function callOptions(config: RunnableConfig): CallOptions {
  return config.signal === undefined ? {} : { signal: config.signal }
}
