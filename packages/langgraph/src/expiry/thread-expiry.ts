import type { ExpireMutation, PutMutation, Tuple } from '@cairnkit/core'
import type { LifetimeStep } from '../commit/thread-write.js'
import { interruptKey, lifetimeKey, pinKey } from '../records/keys.js'
import type { ResolvedExpiry } from './expiry-options.js'

/** What decides how long a thread lives, before the options of a saver do; the first one that says something. */
const DECIDING: readonly Tuple[] = Object.freeze([pinKey, lifetimeKey])

const FOR_EVER = new Uint8Array(0)

/** A write, as far as the life of its thread depends on it. */
export interface TimedWrite {
  /** The time of its own that the thread gets, in milliseconds. */
  readonly ttlMs: number | undefined
  /** The checkpoint of the root graph that is put, or on which it is written; `undefined`: that is not known. */
  readonly rootId: string | undefined
  /** Whether it says that an interrupt waits. */
  readonly isInterrupt: boolean
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

  constructor(options: ResolvedExpiry | undefined) {
    this.#options = options
    this.#expire = Object.freeze({
      type: 'expire',
      ttlMs: options?.ttlMs ?? 'unchanged',
      decidedBy: DECIDING,
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
  stepOf({ ttlMs, rootId, isInterrupt }: TimedWrite, isKnownToExpire: boolean): LifetimeStep | undefined {
    if (this.#options === undefined && ttlMs === undefined && !isKnownToExpire) return undefined
    const records: PutMutation[] = []
    if (ttlMs !== undefined) records.push(record(lifetimeKey, Buffer.from(String(ttlMs), 'latin1')))
    if (this.#options?.pinWhileInterrupted !== true) return { records, expire: this.#expire }
    // It is not known whether an interrupt waits beside it.
    if (rootId === undefined)
      return { records, expire: { ...this.#expire, ttlMs: 'unchanged', decidedBy: [] } }
    const waiting = interruptKey(rootId)
    if (isInterrupt) records.push(record(waiting, FOR_EVER))
    // LangGraph stores an interrupt before the checkpoint at which it waits, or after it.
    return { records, expire: { ...this.#expire, decidedBy: [pinKey, waiting, lifetimeKey] } }
  }
}

function record(key: PutMutation['key'], bytes: Uint8Array): PutMutation {
  return { type: 'put', key, bytes }
}
