import type { CallOptions, Clock } from '@cairnkit/core'

/** The time that is left to wait for a lease. It limits each call on the way to the lease, and the pauses between calls. */
export class Patience {
  readonly #clock: Clock
  readonly #startedAt: number
  readonly #waitMs: number
  readonly #callMs: number
  readonly #signal: AbortSignal | undefined

  /** `callMs` is how long one call may take. With `waitMs` of 0, the lease is asked for once, and only the answers are awaited. */
  constructor(clock: Clock, waitMs: number, callMs: number, signal: AbortSignal | undefined) {
    this.#clock = clock
    this.#startedAt = clock.now()
    this.#waitMs = waitMs
    this.#callMs = callMs
    this.#signal = signal
  }

  leftMs(): number {
    return this.#waitMs - (this.#clock.now() - this.#startedAt)
  }

  /** The options of the next call. */
  call(): CallOptions {
    const timeoutMs = this.#waitMs === 0 ? this.#callMs : Math.max(1, Math.min(this.#callMs, this.leftMs()))
    return this.#signal === undefined ? { timeoutMs } : { timeoutMs, signal: this.#signal }
  }
}
