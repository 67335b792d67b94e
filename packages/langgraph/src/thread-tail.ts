import type { Epoch, InsertMutation, ObjectId, PutMutation, Tuple } from '@cairnkit/core'
import type { ObjectNode } from './engine/node.js'

/** A record that was acknowledged: a checkpoint or a pending write. */
export interface TailRecord {
  readonly namespace: string
  readonly checkpointId: string
  /** `undefined` for a write. */
  readonly checkpoint: { readonly parentId: string | undefined } | undefined
  readonly mutation: PutMutation | InsertMutation
  /** What the record was before, where it was replaced since. */
  readonly former: readonly Uint8Array[]
  /** Every object that it reaches. */
  readonly objects: readonly ObjectId[]
  readonly bytes: number
}

/** An object, and what keeping it costs. */
export interface TailSource {
  readonly node: ObjectNode
  readonly bytes: () => number
}

interface TailObject {
  readonly node: ObjectNode
  readonly bytes: number
  uses: number
}

interface Frontier {
  readonly key: Tuple
  readonly acknowledgedAt: number
}

/** Beyond these, the oldest records of a thread are forgotten: they are the first to be safe. */
const MAX_RECORDS = 1024
const MAX_BYTES = 4 * 1024 * 1024

/** How many records a commit looks for at the most. */
const MAX_FRONTIER = 16

/** What a record or an object costs beyond its bytes, by estimate. */
const OVERHEAD_BYTES = 128

/** What this process was told is stored of one thread, under one epoch, as far as it fits. In memory alone. */
export class ThreadTail {
  readonly epoch: Epoch
  #lastAt = 0
  #bytes = 0
  readonly #records = new Map<string, TailRecord>()
  readonly #objects = new Map<ObjectId, TailObject>()
  /** Acknowledged records of which none is known to be applied before another one. */
  #frontier: readonly Frontier[] = []
  #newestCheckpoint: Tuple | undefined

  constructor(epoch: Epoch) {
    this.epoch = epoch
  }

  get bytes(): number {
    return this.#bytes
  }

  /** When something was acknowledged last, by the clock of the process. */
  get lastAt(): number {
    return this.#lastAt
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

  object(id: ObjectId): ObjectNode | undefined {
    return this.#objects.get(id)?.node
  }

  /**
   * Keeps what one commit stored. `startedAt` and `acknowledgedAt` are steps of one counter: what was acknowledged before
   * this commit was sent was applied before it.
   */
  acknowledge(
    records: readonly Omit<TailRecord, 'former' | 'objects' | 'bytes'>[],
    objects: readonly TailSource[],
    at: { readonly startedAt: number; readonly acknowledgedAt: number; readonly now: number },
  ): void {
    this.#lastAt = at.now
    for (const record of records) this.#keep(record, objects)
    const [first] = records
    if (first !== undefined) {
      const concurrent = this.#frontier.filter((each) => each.acknowledgedAt > at.startedAt)
      const newest = { key: first.mutation.key, acknowledgedAt: at.acknowledgedAt }
      this.#frontier = [...concurrent, newest].slice(-MAX_FRONTIER)
      if (first.checkpoint !== undefined) this.#newestCheckpoint = first.mutation.key
    }
    for (const [name] of this.#records) {
      if (this.#records.size <= MAX_RECORDS && this.#bytes <= MAX_BYTES) break
      this.#forget(name)
    }
  }

  #keep(record: Omit<TailRecord, 'former' | 'objects' | 'bytes'>, objects: readonly TailSource[]): void {
    const name = nameOf(record.mutation.key)
    const known = this.#records.get(name)
    // The first insert counted, and so did what it held.
    if (known !== undefined && record.mutation.type === 'insert') return
    const former = known === undefined ? [] : [...known.former, known.mutation.bytes]
    const bytes =
      OVERHEAD_BYTES + record.mutation.bytes.length + former.reduce((sum, each) => sum + each.length, 0)
    for (const source of objects) this.#use(source)
    this.#forget(name)
    this.#records.set(name, { ...record, former, objects: objects.map(({ node }) => node.id), bytes })
    this.#bytes += bytes
  }

  #use({ node, bytes }: TailSource): void {
    const known = this.#objects.get(node.id)
    if (known !== undefined) {
      known.uses += 1
      return
    }
    const object = { node, bytes: bytes() + OVERHEAD_BYTES, uses: 1 }
    this.#objects.set(node.id, object)
    this.#bytes += object.bytes
  }

  #forget(name: string): void {
    const record = this.#records.get(name)
    if (record === undefined) return
    this.#records.delete(name)
    this.#bytes -= record.bytes
    for (const id of record.objects) {
      const object = this.#objects.get(id)
      if (object === undefined || --object.uses > 0) continue
      this.#bytes -= object.bytes
      this.#objects.delete(id)
    }
  }
}

function nameOf(key: Tuple): string {
  return JSON.stringify(key)
}
