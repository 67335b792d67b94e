import { type ExpireMutation, type PutMutation, compareTuples } from '@cairnkit/core'
import { BoundedMap } from '../bounds/bounded-map.js'
import { sizeOfText } from '../bounds/memory-size.js'
import type { LifetimeStep } from '../commit/thread-write.js'
import { interruptKey, lifetimeKey, lifetimeKeys } from '../records/keys.js'
import type { ResolvedExpiry } from './expiry-options.js'

const FOR_EVER = new Uint8Array(0)
/** Says nothing: see `decidedBy` of the storage contract. */
const OVER = Buffer.from('no', 'latin1')

/** How much memory the checkpoints may take at which an interrupt waits, in bytes. */
const WAITING_BYTES = 256 * 1024

/** A write, as far as the life of its thread depends on it. */
export interface TimedWrite {
  readonly threadId: string
  readonly kind: 'checkpoint' | 'interrupt' | 'other writes'
  /** That is put, or on which it is written. */
  readonly namespace: string
  readonly checkpointId: string
  /** The time of its own that the thread gets, in milliseconds. */
  readonly ttlMs: number | undefined
}

/**
 * Says with each write how long its thread lives, within the commit: a thread that is stored has its expiry.
 *
 * | saver | thread | the write |
 * |---|---|---|
 * | without `expiry` | is not known to expire | says nothing |
 * | without `expiry` | is known to expire, or gets a time of its own | renews that of its own alone |
 * | `write`, `read` | any | renews its own time, else that of the saver |
 * | `never` | any | the same, if the thread has no expiry yet |
 */
export class ThreadExpiry {
  readonly #options: ResolvedExpiry | undefined
  readonly #expire: ExpireMutation
  /** The checkpoint of the root graph at which an interrupt of this process waits, by thread. */
  readonly #waiting = new BoundedMap<string, string>(WAITING_BYTES)

  constructor(options: ResolvedExpiry | undefined) {
    this.#options = options
    this.#expire = Object.freeze({
      type: 'expire',
      ttlMs: options?.ttlMs ?? 'unchanged',
      decidedBy: lifetimeKeys,
      ifNone: options?.refresh === 'never',
    })
  }

  /** Whether reads begin the time anew, too. */
  get isRenewedByReads(): boolean {
    return this.#options?.refresh === 'read'
  }

  /** For a thread that has no time of its own, in milliseconds. */
  get ttlMs(): number | undefined {
    return this.#options?.ttlMs
  }

  /** What a read sends. */
  get renewal(): ExpireMutation {
    return this.#expire
  }

  /** What a commit says that may give birth to the thread, and is no write of it; `undefined`: nothing. */
  get atBirth(): ExpireMutation | undefined {
    return this.#options && { ...this.#expire, ifNone: true }
  }

  /** What the copy of a thread says; `hasOwn`: a time of its own comes with it. */
  ofCopy(hasOwn: boolean): readonly ExpireMutation[] {
    return this.#options === undefined && !hasOwn ? [] : [{ ...this.#expire, ifNone: false }]
  }

  /** `isKnownToExpire`: the thread, as it was seen last. `undefined`: nothing is said. */
  stepOf(write: TimedWrite, isKnownToExpire: boolean): LifetimeStep | undefined {
    const { ttlMs } = write
    if (this.#options === undefined && ttlMs === undefined && !isKnownToExpire) return undefined
    const records: PutMutation[] = []
    if (ttlMs !== undefined) records.push(record(lifetimeKey, Buffer.from(String(ttlMs), 'latin1')))
    if (this.#options?.pinWhileInterrupted === true) records.push(...this.#interrupts(write))
    return { records, expire: this.#expire }
  }

  /** LangGraph stores an interrupt before the checkpoint at which it waits, or after it. A later one shows that it is over. */
  #interrupts({ threadId, kind, namespace, checkpointId }: TimedWrite): PutMutation[] {
    switch (kind) {
      case 'interrupt':
        if (namespace === '')
          this.#waiting.set(threadId, checkpointId, sizeOfText(threadId) + sizeOfText(checkpointId))
        return [record(interruptKey, FOR_EVER)]
      case 'checkpoint': {
        const waiting = this.#waiting.peek(threadId)
        const isNext =
          namespace === '' && (waiting === undefined || compareTuples([waiting], [checkpointId]) < 0)
        return isNext ? [record(interruptKey, OVER)] : []
      }
      case 'other writes':
        return []
    }
  }
}

function record(key: PutMutation['key'], bytes: Uint8Array): PutMutation {
  return { type: 'put', key, bytes }
}
