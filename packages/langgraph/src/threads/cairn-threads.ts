import {
  type CallOptions,
  type ExpireMutation,
  Keyspace,
  type Mutation,
  type StorageDriver,
  StorageError,
  assertKnownOptions,
  systemClock,
} from '@cairnkit/core'
import { BackgroundWork } from '../background/background-work.js'
import { assertTtlMs } from '../expiry/ttl.js'
import { birthKey, lifetimeKey, lifetimeKeys, namespacesPrefix, pinKey } from '../records/keys.js'
import type { PruneOptions, PruneReport } from '../retention/prune-threads.js'
import { ThreadExistsError, ThreadNotFoundError } from '../thread-errors.js'
import { Directory, type EntryChange } from './directory.js'
import { orderPrefix } from './directory-keys.js'
import { removeEnded } from './ended-threads.js'
import { emptyEntry, union } from './entry-change.js'
import { newsOfStored, newsOfWritten } from './news-of-saver.js'
import { type ReindexProgress, reindex } from './reindex.js'
import { searchThreads } from './search-threads.js'
import type { Thread } from './thread.js'
import { assertMetadata, assertThreadId } from './thread-arguments.js'
import type {
  CreateThreadOptions,
  ListThreadsOptions,
  SearchThreadsOptions,
  UpdateThreadOptions,
} from './thread-calls.js'
import type { StoredNews, ThreadNews, WrittenNews } from './thread-news.js'
import { type ThreadOperations, operationsWithoutSaver } from './thread-operations.js'
import { type PageTools, type ThreadPage, readPage, readThreads } from './thread-pages.js'
import { ThreadPartitions } from './thread-presence.js'
import { type ThreadWhere, assertPage, resolveQuery, resolveWhere } from './thread-query.js'
import { type CairnThreadsOptions, resolveThreadsOptions } from './threads-options.js'
import { WriteBehind } from './write-behind.js'

const DEFAULT_PAGE = 20
const MOST_PER_PAGE = 1000

/** How many threads are deleted together. */
const DELETED_AT_ONCE = 16

/** Each failure means that another process has changed the thread meanwhile. */
const MAX_ATTEMPTS = 8

/**
 * The directory of threads: lists, finds, changes and removes them. Given to savers as `threads`, it hears of every birth and change.
 * Several processes may share one directory. It does not close its driver.
 */
export class CairnThreads implements ThreadNews {
  readonly indexedKeys: readonly string[]
  readonly #tools: PageTools
  readonly #preview: ReturnType<typeof resolveThreadsOptions>['preview']
  readonly #behind: WriteBehind
  #operations: ThreadOperations

  /** Throws a `TypeError` for an invalid driver or option. */
  constructor(driver: StorageDriver, options: CairnThreadsOptions = {}) {
    const { index, preview, shards, observer, keyspace } = resolveThreadsOptions(options)
    const partitions = new ThreadPartitions(driver, keyspace)
    const directory = new Directory(new Keyspace(driver, ['threads'], keyspace), partitions, shards, observer)
    const background = new BackgroundWork(observer)
    this.indexedKeys = index
    this.#preview = preview
    this.#tools = { directory, partitions, background, observer }
    this.#behind = new WriteBehind(directory, background, {
      observer,
      indexedKeys: index,
      clock: systemClock,
    })
    this.#operations = operationsWithoutSaver(driver, partitions, keyspace, observer)
  }

  /** Called by a saver that gets this directory: what is done to threads is done with its options. */
  useOperations(operations: ThreadOperations): void {
    this.#operations = operations
  }

  stored(news: StoredNews): void {
    this.#behind.tell(
      news.threadId,
      newsOfStored(news, this.indexedKeys, this.#preview, this.#tools.background),
    )
  }

  written(news: WrittenNews): void {
    this.#behind.tell(news.threadId, newsOfWritten(news))
  }

  async removed(threadId: string): Promise<void> {
    this.#behind.forget(threadId)
    await this.#tools.directory.removeGone(threadId)
  }

  /** Resolves when the directory has what savers of this process have told. Rejects if that cannot be written. */
  async flush(): Promise<void> {
    await this.#behind.flush()
    await this.#tools.background.settled()
  }

  /** Returns a thread. Throws `ThreadNotFoundError` if there is none. */
  async get(threadId: string, options: CallOptions = {}): Promise<Thread> {
    assertThreadId(threadId)
    await this.#behind.settled()
    const thread = (await readThreads(this.#tools, [threadId], options)).get(threadId)
    if (thread !== undefined) return thread
    // A thread that no directory has heard of yet.
    if ((await this.#tools.partitions.presenceOf(threadId, options)) === undefined)
      throw new ThreadNotFoundError(threadId)
    await this.#repair(threadId, options)
    const repaired = (await readThreads(this.#tools, [threadId], options)).get(threadId)
    if (repaired === undefined) throw new ThreadNotFoundError(threadId)
    return repaired
  }

  /** Makes a thread without checkpoints. Throws `ThreadExistsError` if there is one, or returns that. */
  async create(options: CreateThreadOptions = {}): Promise<Thread> {
    assertKnownOptions('create', options, [...createNames, ...callNames])
    const { threadId = crypto.randomUUID(), ifExists = 'raise', metadata = {}, ttlMs, ...call } = options
    assertThreadId(threadId)
    assertMetadata(metadata)
    if (ttlMs !== undefined) assertTtlMs('ttlMs', ttlMs)
    if (ifExists !== 'raise' && ifExists !== 'do_nothing')
      throw new TypeError(`ifExists must be "raise" or "do_nothing", got ${JSON.stringify(ifExists)}`)
    const isNew = await this.#giveBirth(threadId, ttlMs, call)
    if (!isNew && ifExists === 'raise') throw new ThreadExistsError(threadId)
    if (isNew) {
      await this.#change(
        threadId,
        (_, nowMs) => ({ ...emptyEntry(nowMs), metadata: { ...metadata }, indexed: this.indexedKeys }),
        call,
      )
    }
    return await this.get(threadId, call)
  }

  /** Changes the metadata of a thread, or its time. Throws `ThreadNotFoundError` if there is none. */
  async update(threadId: string, options: UpdateThreadOptions): Promise<Thread> {
    assertKnownOptions('update', options, ['metadata', 'ttlMs', ...callNames])
    assertThreadId(threadId)
    const { metadata, ttlMs, ...call } = options
    if (metadata !== undefined) assertMetadata(metadata)
    if (ttlMs !== undefined && ttlMs !== null) assertTtlMs('ttlMs', ttlMs)
    if (ttlMs !== undefined) {
      const own: Mutation =
        ttlMs === null
          ? { type: 'delete', key: lifetimeKey }
          : { type: 'put', key: lifetimeKey, bytes: Buffer.from(String(ttlMs), 'latin1') }
      await this.#live(threadId, [own], call)
    }
    if (metadata === undefined) return await this.get(threadId, call)
    if ((await this.#tools.partitions.presenceOf(threadId, call)) === undefined)
      throw new ThreadNotFoundError(threadId)
    await this.#change(
      threadId,
      (before, nowMs) => {
        const base = before ?? { ...emptyEntry(nowMs) }
        const merged = Object.entries({ ...base.metadata, ...metadata }).filter(
          ([, value]) => value !== undefined && value !== null,
        )
        return {
          ...base,
          metadata: Object.fromEntries(merged),
          indexed: union(base.indexed, this.indexedKeys),
          updatedAtMs: Math.max(base.updatedAtMs, nowMs),
        }
      },
      call,
    )
    return await this.get(threadId, call)
  }

  /** What LangGraph's `createEmbedServer` calls: `put` makes a thread, or replaces its metadata; `patch` adds to them. */
  async set(
    threadId: string,
    {
      kind,
      metadata = {},
    }: { readonly kind: 'put' | 'patch'; readonly metadata?: Readonly<Record<string, unknown>> | undefined },
  ): Promise<Thread> {
    assertThreadId(threadId)
    assertMetadata(metadata)
    await this.#giveBirth(threadId, undefined, {})
    await this.#change(
      threadId,
      (before, nowMs) => {
        const base = before ?? emptyEntry(nowMs)
        return {
          ...base,
          metadata: kind === 'put' ? { ...metadata } : { ...base.metadata, ...metadata },
          indexed: union(base.indexed, this.indexedKeys),
          updatedAtMs: Math.max(base.updatedAtMs, nowMs),
        }
      },
      {},
    )
    return await this.get(threadId)
  }

  /** Removes a thread: its checkpoints, its lease, and its entry. A run that writes to it begins it anew. */
  async delete(threadId: string, options: CallOptions = {}): Promise<void> {
    assertThreadId(threadId)
    this.#behind.forget(threadId)
    await Promise.all([this.#operations.drop(threadId), this.#tools.partitions.dropLease(threadId, options)])
    this.#behind.forget(threadId)
    await this.#tools.directory.removeGone(threadId, options)
  }

  /** Removes all threads that have these values, for example those of a user. Resolves to how many there were. */
  async deleteMany(
    options: CallOptions & { readonly where: ThreadWhere },
  ): Promise<{ readonly deleted: number }> {
    assertKnownOptions('deleteMany', options, ['where', ...callNames])
    const { where, ...call } = options
    if (resolveWhere(where, this.indexedKeys).size === 0)
      throw new TypeError(
        'deleteMany needs a where that names at least one value: without it, all threads would go',
      )
    await this.flush()
    let deleted = 0
    for (;;) {
      const { threads } = await this.list({ where, sortBy: 'created_at', limit: DELETED_AT_ONCE, ...call })
      if (threads.length === 0) return { deleted }
      await Promise.all(threads.map(async ({ threadId }) => await this.delete(threadId, call)))
      deleted += threads.length
    }
  }

  /** Copies a thread as it is now, with its metadata, to a new one. Resolves to the copy. */
  async copy(
    sourceThreadId: string,
    targetThreadId: string = crypto.randomUUID(),
    options: CallOptions = {},
  ): Promise<Thread> {
    assertThreadId(targetThreadId)
    await this.get(sourceThreadId, options)
    await this.#behind.flush()
    const source = (await this.#tools.directory.entriesOf([sourceThreadId], options)).get(sourceThreadId)
    if (source?.checkpointId === undefined) await this.#giveBirthOf(targetThreadId, sourceThreadId, options)
    else await this.#operations.copy(sourceThreadId, targetThreadId)
    await this.#change(
      targetThreadId,
      (_, nowMs) => ({
        ...(source ?? emptyEntry(nowMs)),
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
        endsAtMs: undefined,
      }),
      options,
    )
    return await this.get(targetThreadId, options)
  }

  /** Removes old checkpoints of threads, or the threads: see `CairnSaver.prune`. */
  async prune(threads: readonly string[] | ThreadWhere, options: PruneOptions = {}): Promise<PruneReport> {
    const ids = Array.isArray(threads)
      ? (threads as readonly string[])
      : await this.#idsOf(threads as ThreadWhere, options)
    for (const id of ids) assertThreadId(id)
    const report = await this.#operations.prune(ids, options)
    if (options.strategy === 'delete' && options.dryRun !== true) for (const id of ids) await this.removed(id)
    return report
  }

  /** Counts threads. Those that were removed without the directory, and did not end by their time, count until they are met. */
  async count(options: CallOptions & { readonly where?: ThreadWhere } = {}): Promise<number> {
    assertKnownOptions('count', options, ['where', ...callNames])
    const { where = {}, ...call } = options
    const resolved = resolveWhere(where, this.indexedKeys)
    await this.#behind.settled()
    await removeEnded(this.#tools, call)
    if (resolved.size > 1) return (await this.#idsOf(where, call)).length
    const [first] = resolved
    const prefix = orderPrefix('created_at', first)
    const counts = await Promise.all(
      (await this.#tools.directory.shards()).map(async (shard) => {
        const [{ count }] = await shard.read([{ type: 'count', prefix }], call)
        return count
      }),
    )
    return counts.reduce((sum, count) => sum + count, 0)
  }

  /**
   * Returns a page of threads in two round trips, if `where` has at most one key. It waits for what savers of this process have told
   * that is new, so a thread is listed as soon as its first checkpoint is stored.
   */
  async list(options: ListThreadsOptions = {}): Promise<ThreadPage> {
    assertKnownOptions('list', options, ['where', 'sortBy', 'sortOrder', 'cursor', 'limit', ...callNames])
    const { cursor, limit = DEFAULT_PAGE, where, sortBy, sortOrder, ...call } = options
    assertPage('limit', limit, 1, MOST_PER_PAGE)
    const query = resolveQuery({ where, sortBy, sortOrder }, this.indexedKeys)
    await this.#behind.settled()
    return await readPage(this.#tools, query, { cursor, limit }, call)
  }

  /** Goes through threads by offset, as LangGraph's servers do. Use `list` with its cursor for more than a few pages. */
  async *search(
    options: SearchThreadsOptions = {},
  ): AsyncGenerator<{ readonly thread: Thread; readonly total: number }> {
    yield* searchThreads(
      {
        list: async (asked) => await this.list(asked),
        count: async (asked) => await this.count(asked),
        read: async (ids, call, where) => await readThreads(this.#tools, ids, call, { where }),
      },
      this.indexedKeys,
      options,
    )
  }

  /** Lets a thread never end, whatever is written later, until `unpin`. */
  async pin(threadId: string, options: CallOptions = {}): Promise<void> {
    assertThreadId(threadId)
    await this.#live(threadId, [{ type: 'put', key: pinKey, bytes: new Uint8Array(0) }], options)
  }

  /** Lets a thread end again: its time begins now. */
  async unpin(threadId: string, options: CallOptions = {}): Promise<void> {
    assertThreadId(threadId)
    await this.#live(threadId, [{ type: 'delete', key: pinKey }], options)
  }

  /** Writes the entries of all threads that are stored, and removes those of all others. It looks at the whole database. */
  async reindex(
    options: CallOptions & { readonly onProgress?: (progress: ReindexProgress) => void } = {},
  ): Promise<ReindexProgress> {
    assertKnownOptions('reindex', options, ['onProgress', ...callNames])
    return await reindex(this.#tools, this.indexedKeys, options)
  }

  /** Changes how long a thread lives, with its expiry, in one commit; and then when it ends in the directory. */
  async #live(threadId: string, records: readonly Mutation[], options: CallOptions): Promise<void> {
    const { partitions } = this.#tools
    for (let attempt = 1; ; attempt++) {
      const presence = await partitions.presenceOf(threadId, options)
      if (presence === undefined) throw new ThreadNotFoundError(threadId)
      const expire = this.#expire()
      const { ok } = await partitions.threads
        .partition(threadId)
        .commit(
          { checks: [{ type: 'epoch', epoch: presence.epoch }], mutations: [...records, expire] },
          options,
        )
      if (ok) break
      if (attempt === MAX_ATTEMPTS) throw tooBusy(partitions, threadId)
    }
    const after = await partitions.presenceOf(threadId, options)
    if (after === undefined) return
    const endsAtMs = after.leftMs === null ? undefined : after.nowMs + after.leftMs
    await this.#change(
      threadId,
      (before, nowMs) => before && { ...before, endsAtMs, updatedAtMs: Math.max(before.updatedAtMs, nowMs) },
      options,
    )
  }

  #expire(): ExpireMutation {
    const ttlMs = this.#operations.renewal?.ttlMs ?? 'unchanged'
    return { type: 'expire', ttlMs, decidedBy: lifetimeKeys }
  }

  /** Whether the thread was made by this call. */
  async #giveBirth(threadId: string, ttlMs: number | undefined, options: CallOptions): Promise<boolean> {
    const partition = this.#tools.partitions.threads.partition(threadId)
    const token = Buffer.from(crypto.randomUUID(), 'latin1')
    const expire = ttlMs === undefined && this.#operations.renewal === undefined ? [] : [this.#expire()]
    const result = await partition.commit(
      {
        checks: [{ type: 'last', prefix: namespacesPrefix, key: null }],
        mutations: [
          { type: 'insert', key: birthKey, bytes: token },
          ...(ttlMs === undefined
            ? []
            : [{ type: 'insert' as const, key: lifetimeKey, bytes: Buffer.from(String(ttlMs), 'latin1') }]),
          ...expire.map((each) => ({ ...each, ifNone: true })),
        ],
      },
      options,
    )
    if (!result.ok) return false
    if (result.created) return true
    const [{ record }] = await partition.read([{ type: 'get', key: birthKey }], options)
    return record !== undefined && token.equals(record.bytes)
  }

  async #giveBirthOf(threadId: string, source: string, options: CallOptions): Promise<void> {
    if (!(await this.#giveBirth(threadId, undefined, options))) throw new ThreadExistsError(threadId, source)
  }

  async #change(threadId: string, change: EntryChange, options: CallOptions): Promise<void> {
    await this.#tools.directory.change(new Map([[threadId, change]]), options)
  }

  /** An entry for a thread that was written without this directory. */
  async #repair(threadId: string, options: CallOptions): Promise<void> {
    await this.#change(
      threadId,
      (before, nowMs) =>
        before ?? { ...emptyEntry(nowMs), stateUpdatedAtMs: nowMs, indexed: this.indexedKeys },
      options,
    )
  }

  async #idsOf(where: ThreadWhere, { signal, timeoutMs }: CallOptions): Promise<readonly string[]> {
    const call = { ...(signal && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) }
    const query = { ...resolveQuery({ where, sortBy: 'created_at' }, this.indexedKeys) }
    const ids: string[] = []
    let cursor: string | undefined
    do {
      const page = await readPage(this.#tools, query, { cursor, limit: MOST_PER_PAGE }, call)
      ids.push(...page.threads.map(({ threadId }) => threadId))
      cursor = page.cursor
    } while (cursor !== undefined)
    return ids
  }
}

const callNames = ['signal', 'timeoutMs'] as const
const createNames = ['threadId', 'ifExists', 'metadata', 'ttlMs'] as const

function tooBusy({ threads }: ThreadPartitions, threadId: string): StorageError {
  return new StorageError({
    code: 'unavailable',
    disposition: 'transient',
    driver: threads.driver.name,
    operation: 'commit',
    partition: threads.partition(threadId).id,
    attempts: MAX_ATTEMPTS,
    reason: 'the thread was pruned or begun anew each time that its life was to be changed',
  })
}
