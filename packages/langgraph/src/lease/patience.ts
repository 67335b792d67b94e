import type { CallOptions, Clock } from '@cairnkit/core'

/** How long a lease may be waited for: it bounds each call on the way to it, and the pauses between them. */
export class Patience {
  readonly #clock: Clock
  readonly #startedAt: number
  readonly #waitMs: number
  readonly #callMs: number
  readonly #signal: AbortSignal | undefined

  /** `callMs`: how long one call may take. Whoever does not wait (`waitMs` of 0) asks once, and waits for the answers. */
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

  /** For the next call. */
  call(): CallOptions {
    const timeoutMs = this.#waitMs === 0 ? this.#callMs : Math.max(1, Math.min(this.#callMs, this.leftMs()))
    return this.#signal === undefined ? { timeoutMs } : { timeoutMs, signal: this.#signal }
  }
}
