import {
  type CallOptions,
  type Epoch,
  type GetRead,
  type GroupsRead,
  type InfoRead,
  type Keyspace,
  type ObjectId,
  type ReadOptions,
  type ResultsOf,
  successor,
} from '@cairnkit/core'
import type { ObjectCache } from '../../engine/objects/object-cache.js'
import { ObjectView } from '../../engine/objects/object-view.js'
import { atHand, topsOf } from '../../knowledge/at-hand.js'
import type { KnownThreads } from '../../knowledge/known-threads.js'
import type { RenewalByReads } from '../../expiry/renewal-by-reads.js'
import { checkpointsPrefix, lifetimeKey, writesPrefix } from '../../records/keys.js'
import { placeOf } from '../../records/stored-data-error.js'
import { type StoredCheckpoint, missingFrom, openGroups, openWrites, rootsOf } from './stored-checkpoint.js'

/** Which checkpoints of a namespace to read: half-open bounds on their ids, and how many of the newest in them. */
export interface CheckpointRange {
  readonly from?: string
  readonly until?: string
  readonly limit: number
}

/** How many checkpoints of a page are remembered: the newest are those that a run goes on from. */
const REMEMBERED = 4

const INFO: InfoRead = Object.freeze({ type: 'info' })

/** A pinned thread, and one whose interrupt waits, does not end: so this is what decides. */
const OWN_LIFETIME: GetRead = Object.freeze({ type: 'get', key: lifetimeKey })

const NOTHING_SEEN: ReadonlySet<ObjectId> = new Set()

/** Reads checkpoints, and remembers what they show of their threads. */
export class CheckpointReads {
  readonly #threads: Keyspace
  readonly #knownThreads: KnownThreads
  readonly #cache: ObjectCache
  readonly #renewal: RenewalByReads | undefined

  /** `renewal`: if a read begins the time of a thread anew. */
  constructor(
    threads: Keyspace,
    knownThreads: KnownThreads,
    cache: ObjectCache,
    renewal: RenewalByReads | undefined,
  ) {
    this.#threads = threads
    this.#renewal = renewal
    this.#knownThreads = knownThreads
    this.#cache = cache
  }

  /**
   * The checkpoints of a range with their pending writes, newest first, and everything that is needed to build their
   * values: one round trip, in which only what the process lacks is sent.
   */
  async read(
    threadId: string,
    namespace: string,
    range: CheckpointRange,
    options: CallOptions,
  ): Promise<StoredCheckpoint[]> {
    this.#cache.startUse()
    const held = atHand(this.#cache, this.#knownThreads.get(threadId)?.tops(namespace) ?? NOTHING_SEEN)
    const prefix = checkpointsPrefix(namespace)
    const groups = { type: 'groups', prefix, ...range, reverse: true, follow: 'all' } as const
    const [result, info] = await this.#answers(threadId, groups, { ...options, known: held.ids })
    const opener = { threads: this.#threads, cache: this.#cache, held: held.objects }
    const checkpoints = openGroups(opener, threadId, namespace, result)
    const missing = checkpoints.flatMap(missingFrom)
    if (info.epoch !== null && missing.length === 0)
      this.#learn(threadId, namespace, range, { ...info, epoch: info.epoch }, checkpoints)
    return checkpoints
  }

  /**
   * The head of a namespace: the checkpoint that the next one is put on. One round trip, and a second one while the clock
   * of whoever put it is behind.
   */
  async readHead(
    threadId: string,
    namespace: string,
    options: CallOptions,
  ): Promise<StoredCheckpoint | undefined> {
    const [newest] = await this.read(threadId, namespace, { limit: 1 }, options)
    return newest?.move === undefined
      ? newest
      : ((await this.readOne(threadId, namespace, newest.move.headId, options)) ?? newest)
  }

  /** The checkpoint of this id: one round trip. */
  async readOne(
    threadId: string,
    namespace: string,
    checkpointId: string,
    options: CallOptions,
  ): Promise<StoredCheckpoint | undefined> {
    const range = { from: checkpointId, until: successor(checkpointId), limit: 1 }
    const [stored] = await this.read(threadId, namespace, range, options)
    return stored
  }

  /** The pending writes of one checkpoint alone, whether it is stored itself or not. */
  async readWrites(
    threadId: string,
    namespace: string,
    checkpointId: string,
    options: CallOptions,
  ): Promise<Pick<StoredCheckpoint, 'writes' | 'place' | 'view'>> {
    const [answer] = await this.#threads
      .partition(threadId)
      .read([{ type: 'range', prefix: writesPrefix(namespace, checkpointId), follow: 'all' }], options)
    const place = placeOf(this.#threads, threadId, namespace, checkpointId)
    return {
      writes: openWrites(answer.records, place),
      place,
      view: new ObjectView(this.#cache, answer.objects),
    }
  }

  async #answers(
    threadId: string,
    groups: GroupsRead,
    options: ReadOptions,
  ): Promise<ResultsOf<readonly [GroupsRead, InfoRead]>> {
    const partition = this.#threads.partition(threadId)
    if (this.#renewal === undefined) return await partition.read([groups, INFO], options)
    const [result, info, own] = await partition.read([groups, INFO, OWN_LIFETIME], options)
    if (info.epoch !== null) this.#renewal.seen(threadId, info.epoch, info.ttlMs, own.record)
    return [result, info]
  }

  #learn(
    threadId: string,
    namespace: string,
    range: CheckpointRange,
    { epoch, ttlMs }: { readonly epoch: Epoch; readonly ttlMs: number | null },
    checkpoints: readonly StoredCheckpoint[],
  ): void {
    const [newest] = checkpoints
    if (newest === undefined || this.#knownThreads.get(threadId)?.isPast(epoch) === true) return
    // What the records reach is there. What was named as held and is not reached may be another thread's by now.
    const knowledge = this.#knownThreads.learn(threadId, epoch, newest.view.openIds)
    knowledge.seeTtl(ttlMs)
    for (const stored of checkpoints.slice(0, REMEMBERED).toReversed()) {
      knowledge.addCheckpoint(namespace, stored.id, stored.record)
    }
    knowledge.seeTops(namespace, topsOf(this.#cache, rootsOf(newest)))
    if (range.from === undefined && range.until === undefined) {
      const { id, move } = newest
      knowledge.seeHead(namespace, { headId: move?.headId ?? id, largestId: id, move })
    }
    this.#knownThreads.weigh(threadId, knowledge)
  }
}
