import type { ExpireMutation, PutMutation } from '@cairnkit/core'
import type { LifetimeStep } from '../commit/thread-write.js'
import { interruptKey, lifetimeKey, lifetimeKeys } from '../records/keys.js'
import type { ResolvedExpiry } from './expiry-options.js'

const FOR_EVER = new Uint8Array(0)
/** Says nothing: see `decidedBy` of the storage contract. */
const OVER = Buffer.from('no', 'latin1')

/** What a write is, as far as the life of its thread depends on it. */
export type WriteKind = 'root checkpoint' | 'other checkpoint' | 'interrupt' | 'other writes'

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

  /** `ttlMs`: the time of its own that the thread gets; `isKnownToExpire`: as it was seen last. */
  stepOf(kind: WriteKind, ttlMs: number | undefined, isKnownToExpire: boolean): LifetimeStep | undefined {
    const records: PutMutation[] = []
    if (ttlMs !== undefined) records.push(record(lifetimeKey, Buffer.from(String(ttlMs), 'latin1')))
    if (this.#options?.pinWhileInterrupted === true) {
      if (kind === 'interrupt') records.push(record(interruptKey, FOR_EVER))
      if (kind === 'root checkpoint') records.push(record(interruptKey, OVER))
    }
    const isSilent = this.#options === undefined && ttlMs === undefined && !isKnownToExpire
    return isSilent ? undefined : { records, expire: this.#expire }
  }
}

function record(key: PutMutation['key'], bytes: Uint8Array): PutMutation {
  return { type: 'put', key, bytes }
}
