/** How long commands are held back at most before it is tried again. */
const MAX_REST_MS = 60_000

/**
 * Notices that a client gets no answers any more, and lets it rest until it does, or until what it waits for has failed.
 * Its own limit may start anew with each command that is written: under constant load it would never be reached.
 */
export class StallDetector {
  readonly #limitMs: number
  #settledAt = 0
  #restsUntil = 0

  constructor(limitMs: number) {
    this.#limitMs = limitMs
  }

  /** Whether nothing is to be sent now. */
  get isSuspended(): boolean {
    return performance.now() < this.#restsUntil
  }

  async watch<T>(sent: Promise<T>): Promise<T> {
    const sentAt = performance.now()
    const timer = setTimeout(() => {
      if (this.#settledAt < sentAt) this.#restsUntil = performance.now() + MAX_REST_MS
    }, this.#limitMs)
    try {
      return await sent
    } finally {
      clearTimeout(timer)
      this.#settledAt = performance.now()
      this.#restsUntil = 0
    }
  }
}
