import { type Epoch, type Keyspace, type StoredRecord, lifetimeIn } from '@cairnkit/core'
import type { BackgroundWork } from '../background/background-work.js'
import type { ThreadExpiry } from './thread-expiry.js'

/** How much of its time a thread may have left, so that a read does not renew it. */
const FRESH_SHARE = 0.9

/** Begins the time of a thread anew after a read, in the background, if a tenth of it has passed. */
export class RenewalByReads {
  readonly #threads: Keyspace
  readonly #expiry: ThreadExpiry
  readonly #background: BackgroundWork
  readonly #underWay = new Set<string>()

  constructor(threads: Keyspace, expiry: ThreadExpiry, background: BackgroundWork) {
    this.#threads = threads
    this.#expiry = expiry
    this.#background = background
  }

  /** `leftMs`: until the thread ends, `null`: it does not. `own`: the record of the time of its own. */
  seen(threadId: string, epoch: Epoch, leftMs: number | null, own: StoredRecord | undefined): void {
    if (leftMs === null || this.#underWay.has(threadId)) return
    const lifetime = (own && lifetimeIn(own.bytes)) ?? this.#expiry.ttlMs
    if (typeof lifetime !== 'number' || leftMs > lifetime * FRESH_SHARE) return
    this.#underWay.add(threadId)
    this.#background.start('expiry', threadId, async () => {
      try {
        await this.#threads.partition(threadId).commit({
          checks: [{ type: 'epoch', epoch }],
          mutations: [this.#expiry.renewal],
        })
      } finally {
        this.#underWay.delete(threadId)
      }
    })
  }
}
