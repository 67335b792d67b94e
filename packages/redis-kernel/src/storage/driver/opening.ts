import { DriverFault } from '@cairnkit/core/driver'

/** The bound of the first pause between attempts; it doubles with each of them. */
const FIRST_PAUSE_MS = 25
const LONGEST_PAUSE_MS = 200

/** Attempts to open, one after the other: when the next one is due, and the reason to tell when there is none. */
export class Opening {
  readonly #startedAt: number
  readonly #limitMs: number
  #attempts = 0
  /** The last reason that says more than that time was up. */
  #telling: DriverFault | undefined
  #last: DriverFault | undefined

  constructor(limitMs: number, startedAt: number) {
    this.#limitMs = limitMs
    this.#startedAt = startedAt
  }

  timeLeftMs(now: number): number {
    return Math.max(0, this.#limitMs - (now - this.#startedAt))
  }

  /** How long to wait before the next attempt; half of it is random. `undefined`: another one makes no sense. */
  failed(fault: DriverFault, now: number): number | undefined {
    this.#attempts++
    this.#last = fault
    if (fault.code !== 'timeout') this.#telling = fault
    if (fault.disposition !== 'transient') return undefined
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(this.#attempts - 1, 10), LONGEST_PAUSE_MS)
    const delayMs = pauseMs * (0.5 + Math.random() / 2)
    return delayMs < this.timeLeftMs(now) ? delayMs : undefined
  }

  /** Why there is no connection, as far as attempts have ended. */
  fault(now: number): DriverFault | undefined {
    const [last, telling] = [this.#last, this.#telling]
    if (last === undefined || last.disposition === 'permanent' || this.#attempts === 1) return last
    const tried = `tried ${this.#attempts} times in ${Math.round(now - this.#startedAt)} ms`
    // The last attempt may have had no more than the rest of the time: an earlier one says what is wrong.
    return telling === undefined || telling === last
      ? new DriverFault(last, `${last.message}; ${tried}`, { cause: last.cause })
      : new DriverFault(telling, `${telling.message}; ${tried}; at last: ${last.message}`, {
          cause: telling.cause,
        })
  }
}
