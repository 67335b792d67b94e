import { createHash } from 'node:crypto'
import {
  type CallOptions,
  type Check,
  type Keyspace,
  type Mutation,
  type Partition,
  StorageError,
  type Tuple,
  tellObserver,
} from '@cairnkit/core'
import { type DirectoryEntry, decodeEntry, encodeEntry } from './directory-entry.js'
import type { DirectoryObserver } from './directory-event.js'
import { entryKey, indexKeys } from './directory-keys.js'
import { shardCount } from './shard-count.js'
import type { ThreadPartitions } from './thread-presence.js'

/** Each failure means that another process has written one of the entries meanwhile. */
const MAX_ATTEMPTS = 16

/** How many threads one commit writes. */
const THREADS_PER_COMMIT = 64

const NO_BYTES = new Uint8Array(0)

/** Makes the next entry of the one before; `undefined`: there is none, or there is to be none. May be called several times. */
export type EntryChange = (before: DirectoryEntry | undefined, nowMs: number) => DirectoryEntry | undefined

/**
 * The entries of all threads, in shards by the hash of the thread id.
 *
 * A thread and its entry are in two partitions. What is removed is the thread first and then the entry, and what is added is the
 * thread first and then the entry, and each change of an entry names the bytes that it replaces. So two processes lose nothing of
 * each other, and the entry of a thread that is gone stays only if its writer dies before it has looked at the thread once more.
 * Whoever meets such an entry removes it.
 */
export class Directory {
  readonly #keyspace: Keyspace
  readonly #partitions: ThreadPartitions
  readonly #wantedShards: number | undefined
  readonly #observer: DirectoryObserver | undefined
  #shards: Promise<number> | undefined

  constructor(
    keyspace: Keyspace,
    partitions: ThreadPartitions,
    wantedShards: number | undefined,
    observer: DirectoryObserver | undefined,
  ) {
    this.#keyspace = keyspace
    this.#partitions = partitions
    this.#wantedShards = wantedShards
    this.#observer = observer
  }

  /** All shards. The first call takes one or two round trips. */
  async shards(): Promise<readonly Partition[]> {
    const count = await this.#count()
    return Array.from({ length: count }, (_, shard) => this.#keyspace.partition(String(shard)))
  }

  /** The entries of threads that have one. One round trip. */
  async entriesOf(
    threadIds: readonly string[],
    options: CallOptions = {},
  ): Promise<ReadonlyMap<string, DirectoryEntry>> {
    const entries = new Map<string, DirectoryEntry>()
    await Promise.all(
      [...(await this.#byShard(threadIds))].map(async ([shard, ids]) => {
        const answers = await shard.read(
          ids.map((id) => ({ type: 'get' as const, key: entryKey(id) })),
          options,
        )
        for (const [at, { record }] of answers.entries()) {
          const id = ids[at] as string
          if (record !== undefined) entries.set(id, this.#decode(record.bytes, shard, id))
        }
      }),
    )
    return entries
  }

  /** Writes entries. A thread that got one must be there afterwards, or its entry goes again. */
  async change(changes: ReadonlyMap<string, EntryChange>, options: CallOptions = {}): Promise<void> {
    await Promise.all(
      [...(await this.#byShard([...changes.keys()]))].map(async ([shard, ids]) => {
        for (let at = 0; at < ids.length; at += THREADS_PER_COMMIT)
          await this.#changeIn(shard, ids.slice(at, at + THREADS_PER_COMMIT), changes, options)
      }),
    )
  }

  /**
   * Removes the entry of a thread that is gone, and resolves to whether it did. The entry is read before it is asked whether the
   * thread is there: whoever gives birth to it anew after that changes the entry, and then it is not removed.
   */
  async removeGone(threadId: string, options: CallOptions = {}): Promise<boolean> {
    const shard = await this.#shardOf(threadId)
    for (let attempt = 1; ; attempt++) {
      const [{ record }] = await shard.read([{ type: 'get', key: entryKey(threadId) }], options)
      if (record === undefined) return false
      if ((await this.#partitions.presenceOf(threadId, options)) !== undefined) return false
      const result = await shard.commit(
        {
          checks: [{ type: 'equals', key: record.key, bytes: record.bytes }],
          mutations: this.#keysOf(threadId, record.bytes, shard).map((key) => ({ type: 'delete', key })),
        },
        options,
      )
      if (result.ok || result.mayBeApplied === true) {
        tellObserver('saver', () => this.#observer?.onDirectory?.({ kind: 'removed', threads: 1 }))
        return true
      }
      if (attempt === MAX_ATTEMPTS) throw this.#tooBusy(shard)
    }
  }

  async #changeIn(
    shard: Partition,
    ids: readonly string[],
    changes: ReadonlyMap<string, EntryChange>,
    options: CallOptions,
  ): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const [time, ...found] = await shard.read(
        [{ type: 'time' as const }, ...ids.map((id) => ({ type: 'get' as const, key: entryKey(id) }))],
        options,
      )
      const nowMs = time.type === 'time' ? time.nowMs : 0
      const checks: Check[] = []
      const mutations: Mutation[] = []
      const added: string[] = []
      for (const [at, id] of ids.entries()) {
        const answer = found[at]
        const bytes = answer?.type === 'get' ? answer.record?.bytes : undefined
        const before = bytes && this.#readable(bytes, shard, id)
        const changed = changes.get(id)?.(before, nowMs)
        if (changed === before) continue
        const after = changed && {
          ...changed,
          revision: before === undefined ? newRevision() : before.revision + 1,
        }
        checks.push(
          bytes === undefined
            ? { type: 'absent', key: entryKey(id) }
            : { type: 'equals', key: entryKey(id), bytes },
        )
        mutations.push(...mutationsOf(id, before, after))
        if (bytes === undefined) added.push(id)
      }
      if (mutations.length === 0) return
      if (await this.#isDone(shard, { checks, mutations }, options, attempt)) {
        await Promise.all(added.map(async (id) => await this.#keepIfThere(id, options)))
        return
      }
    }
  }

  async #isDone(
    shard: Partition,
    batch: { readonly checks: readonly Check[]; readonly mutations: readonly Mutation[] },
    options: CallOptions,
    attempt: number,
  ): Promise<boolean> {
    try {
      const { ok } = await shard.commit(batch, options)
      if (!ok && attempt >= MAX_ATTEMPTS) throw this.#tooBusy(shard)
      return ok
    } catch (cause) {
      // The entry says whether it was applied, and a change may be made twice.
      const isUnknown = StorageError.isInstance(cause) && cause.disposition === 'ambiguous'
      if (!isUnknown || attempt >= MAX_ATTEMPTS || options.signal?.aborted === true) throw cause
      return false
    }
  }

  /** Whoever removed the thread before the entry was there has not removed the entry. */
  async #keepIfThere(threadId: string, options: CallOptions): Promise<void> {
    if ((await this.#partitions.presenceOf(threadId, options)) === undefined)
      await this.removeGone(threadId, options)
  }

  async #byShard(threadIds: readonly string[]): Promise<ReadonlyMap<Partition, string[]>> {
    const shards = await this.shards()
    const groups = new Map<Partition, string[]>()
    for (const id of threadIds) {
      const shard = shards[shardNumber(id, shards.length)] as Partition
      const ids = groups.get(shard)
      if (ids === undefined) groups.set(shard, [id])
      else ids.push(id)
    }
    return groups
  }

  async #shardOf(threadId: string): Promise<Partition> {
    return this.#keyspace.partition(String(shardNumber(threadId, await this.#count())))
  }

  async #count(): Promise<number> {
    this.#shards ??= shardCount(this.#keyspace, this.#wantedShards)
    try {
      return await this.#shards
    } catch (cause) {
      this.#shards = undefined
      throw cause
    }
  }

  /** A damaged entry is written anew; one of a newer version is not touched. */
  #readable(bytes: Uint8Array, shard: Partition, threadId: string): DirectoryEntry | undefined {
    try {
      return this.#decode(bytes, shard, threadId)
    } catch (cause) {
      if (StorageError.isInstance(cause) && cause.code === 'corrupt') return undefined
      throw cause
    }
  }

  #keysOf(threadId: string, bytes: Uint8Array, shard: Partition): Tuple[] {
    const entry = this.#readable(bytes, shard, threadId)
    return [entryKey(threadId), ...(entry === undefined ? [] : indexKeys(threadId, entry))]
  }

  #decode(bytes: Uint8Array, shard: Partition, threadId: string): DirectoryEntry {
    return decodeEntry(bytes, { driver: this.#keyspace.driver.name, partition: shard.id, threadId })
  }

  #tooBusy(shard: Partition): StorageError {
    return new StorageError({
      code: 'unavailable',
      disposition: 'transient',
      driver: this.#keyspace.driver.name,
      operation: 'commit',
      partition: shard.id,
      attempts: MAX_ATTEMPTS,
      reason: 'the directory entry was written by others each time that it was to be written',
    })
  }
}

/** A thread that begins anew does not begin with the bytes that it had. */
function newRevision(): number {
  return Math.floor(Math.random() * 2 ** 40)
}

function mutationsOf(
  threadId: string,
  before: DirectoryEntry | undefined,
  after: DirectoryEntry | undefined,
): Mutation[] {
  const key = entryKey(threadId)
  const old = before === undefined ? [] : indexKeys(threadId, before)
  if (after === undefined) return [key, ...old].map((gone) => ({ type: 'delete', key: gone }))
  const next = indexKeys(threadId, after)
  const [had, has] = [new Set(old.map(textOf)), new Set(next.map(textOf))]
  return [
    ...old.filter((each) => !has.has(textOf(each))).map((gone) => ({ type: 'delete' as const, key: gone })),
    ...next
      .filter((each) => !had.has(textOf(each)))
      .map((added) => ({ type: 'put' as const, key: added, bytes: NO_BYTES })),
    { type: 'put', key, bytes: encodeEntry(after) },
  ]
}

function textOf(key: Tuple): string {
  return JSON.stringify(key)
}

function shardNumber(threadId: string, count: number): number {
  return createHash('sha256').update(threadId, 'utf8').digest().readUInt32BE(0) % count
}
