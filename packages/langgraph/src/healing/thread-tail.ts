import type { Epoch, InsertMutation, ObjectId, PutMutation, Tuple } from '@cairnkit/core'
import { type NewObject, missingObjects } from '../engine/objects/new-object.js'
import { type RecordKind, parseRecordKey } from '../records/keys.js'
import { TailObjects } from './tail-objects.js'

/** A record that was acknowledged: of a checkpoint, or of its group. */
export interface TailRecord {
  readonly namespace: string
  readonly checkpointId: string
  readonly kind: RecordKind
  /** Of a checkpoint. */
  readonly parentId: string | undefined
  readonly mutation: PutMutation | InsertMutation
  /** What the record was before, where it was replaced since. */
  readonly former: readonly Uint8Array[]
  readonly bytes: number
}

/** A record as it was sent. */
export type AcknowledgedRecord = Pick<TailRecord, 'mutation' | 'parentId'>

interface Frontier {
  readonly key: Tuple
  readonly acknowledgedAt: number
}

/** What a thread costs of which nothing is kept. */
export const THREAD_BYTES = 1500

/** What a record costs beyond its bytes: its key in two forms, its references, its place in a map. */
const RECORD_BYTES = 768

/** How many removals back a storage may be thrown so that what it lost since is stored again. */
const MAX_FORMER_EPOCHS = 16

/** How many records a commit looks for at the most. */
const MAX_FRONTIER = 16

/** What this process was told is stored of one thread, under one epoch, as far as it fits. In memory alone. */
export class ThreadTail {
  epoch: Epoch
  readonly #maxBytes: number
  #lastAt = 0
  #endsAt = Number.POSITIVE_INFINITY
  #recordBytes = 0
  readonly #records = new Map<string, TailRecord>()
  readonly #objects = new TailObjects()
  /** Acknowledged records of which none is known to be applied before another one. */
  #frontier: readonly Frontier[] = []
  #newestCheckpoint: Tuple | undefined
  #formerEpochs: readonly Epoch[] = []

  /** Beyond `maxBytes`, the oldest records are forgotten: they are the first to be safe. */
  constructor(epoch: Epoch, maxBytes: number) {
    this.epoch = epoch
    this.#maxBytes = maxBytes
  }

  get bytes(): number {
    return THREAD_BYTES + this.#recordBytes + this.#objects.bytes
  }

  /** When something was acknowledged last, by the clock of the process. */
  get lastAt(): number {
    return this.#lastAt
  }

  /** When the thread ends at the earliest, by the same clock. */
  get endsAt(): number {
    return this.#endsAt
  }

  /** `ttlMs`: of a commit that was sent then; `null`: the thread does not end; `undefined`: the commit said nothing of it. */
  seeTtl(sentAt: number, ttlMs: number | null | undefined): void {
    if (ttlMs === undefined) return
    this.#endsAt = ttlMs === null ? Number.POSITIVE_INFINITY : sentAt + ttlMs - clockToleranceMs(ttlMs)
  }

  /** Oldest first. */
  get records(): readonly TailRecord[] {
    return [...this.#records.values()]
  }

  /**
   * The keys that are there if nothing is lost. A storage that is thrown back loses its newest writes, so whoever sees
   * the newest sees all. A checkpoint is among them: a write under the same name may also be another run's.
   */
  get newestKeys(): readonly Tuple[] {
    const keys = this.#frontier.map(({ key }) => key)
    const newest = this.#newestCheckpoint
    return newest === undefined || keys.includes(newest) ? keys : [newest, ...keys]
  }

  checkpoint(namespace: string, checkpointId: string): TailRecord | undefined {
    return this.#records.get(nameOf(['c', namespace, checkpointId]))
  }

  /** Whether an object is kept, and so all that it reaches. */
  holds(id: ObjectId): boolean {
    return this.#objects.has(id)
  }

  /** These objects with all that they reach; `undefined` when one of them is not kept. */
  find(ids: readonly ObjectId[]): NewObject[] | undefined {
    return ids.every((id) => this.#objects.has(id)) ? this.#reachedFrom(ids) : undefined
  }

  /** Every object that records reach. */
  reachedBy(records: Iterable<TailRecord>): NewObject[] {
    return this.#reachedFrom([...records].flatMap(({ mutation }) => mutation.refs ?? []))
  }

  /**
   * Keeps what one commit stored: the records, what they refer to, and of the objects that those reach the ones that are new
   * here, as `objectOf` gives them. `startedAt` and `acknowledgedAt` are steps of one counter: what was acknowledged before
   * this commit was sent was applied before it.
   */
  acknowledge(
    records: readonly AcknowledgedRecord[],
    children: Iterable<NewObject>,
    objectOf: (object: NewObject) => NewObject,
    at: { readonly startedAt: number; readonly acknowledgedAt: number; readonly now: number },
  ): void {
    this.#lastAt = at.now
    const added = missingObjects(children, (known) => this.#objects.has(known))
    // What cannot be kept as a whole is of no use, and neither is what it was built on.
    if (costOf(added.values()) > this.#maxBytes) for (const name of this.#records.keys()) this.#forget(name)
    else {
      for (const object of added.values()) this.#objects.add(objectOf(object))
      for (const record of records) this.#keep(record)
      // A record that was known already is not replaced by what an insert brought.
      for (const id of added.keys()) this.#objects.forgetUnreferred(id)
    }
    const [first] = records
    if (first !== undefined) {
      const concurrent = this.#frontier.filter((each) => each.acknowledgedAt > at.startedAt)
      const newest = { key: first.mutation.key, acknowledgedAt: at.acknowledgedAt }
      this.#frontier = [...concurrent, newest].slice(-MAX_FRONTIER)
      if (parseRecordKey(first.mutation.key).kind === 'checkpoint')
        this.#newestCheckpoint = first.mutation.key
    }
    for (const oldest of this.#records.keys()) {
      if (this.bytes <= this.#maxBytes) break
      this.#forget(oldest)
    }
  }

  /** Forgets the records that were removed on purpose. The thread has another epoch since. */
  prune(isDropped: (key: Tuple) => boolean, epoch: Epoch): void {
    if (epoch !== this.epoch) {
      this.#formerEpochs = [...this.#formerEpochs, this.epoch].slice(-MAX_FORMER_EPOCHS)
      this.epoch = epoch
    }
    for (const [name, { mutation }] of [...this.#records]) if (isDropped(mutation.key)) this.#forget(name)
    this.#frontier = this.#frontier.filter(({ key }) => !isDropped(key))
    if (this.#newestCheckpoint !== undefined && isDropped(this.#newestCheckpoint))
      this.#newestCheckpoint = undefined
  }

  /** Whether this process has ended that epoch by a removal. */
  isPast(epoch: Epoch): boolean {
    return this.#formerEpochs.includes(epoch)
  }

  /** Whether the storage was thrown back to before such a removal: then this is a tail of what was found. */
  rewind(found: Epoch | null): boolean {
    if (found === null || !this.isPast(found)) return false
    this.epoch = found
    return true
  }

  #reachedFrom(ids: Iterable<ObjectId>): NewObject[] {
    const reached = new Set(ids)
    const objects: NewObject[] = []
    // A set also visits what is added to it meanwhile: this loop is the whole walk.
    for (const id of reached) {
      const object = this.#objects.get(id)
      if (object === undefined) continue
      objects.push(object)
      for (const ref of object.refs) reached.add(ref)
    }
    return objects
  }

  #keep(record: AcknowledgedRecord): void {
    const name = nameOf(record.mutation.key)
    const known = this.#records.get(name)
    // The first insert counted, and so did what it held.
    if (known !== undefined && record.mutation.type === 'insert') return
    const former = known === undefined ? [] : [...known.former, known.mutation.bytes]
    const bytes =
      RECORD_BYTES + record.mutation.bytes.length + former.reduce((sum, each) => sum + each.length, 0)
    this.#objects.refer(record.mutation.refs ?? [])
    this.#forget(name)
    // The record behind the rest: before it, V8 would give each of a thousand records a hidden class of its own.
    this.#records.set(name, { former, bytes, ...parseRecordKey(record.mutation.key), ...record })
    this.#recordBytes += bytes
  }

  #forget(name: string): void {
    const record = this.#records.get(name)
    if (record === undefined) return
    this.#records.delete(name)
    this.#recordBytes -= record.bytes
    this.#objects.release(record.mutation.refs ?? [])
  }
}

/** By how much two clocks may differ over a time. */
function clockToleranceMs(ms: number): number {
  return Math.max(1000, ms / 100)
}

function costOf(objects: Iterable<NewObject>): number {
  let cost = 0
  for (const { costBytes } of objects) cost += costBytes
  return cost
}

function nameOf(key: Tuple): string {
  return JSON.stringify(key)
}
