import { type CallOptions, DriverFault, processTime, withDeadline } from '@cairnkit/core/driver'
import type { Progress } from '../redis-transport.js'
import { lateFault } from './errors/late-fault.js'

/** How much of its time a call leaves to say why it was not sent. */
const LEAVE_MS = 50

/**
 * One call of the driver: how long it may still take, and whether the caller has given up. Only time in which this process
 * runs counts.
 */
export class Call {
  readonly signal: AbortSignal | undefined
  readonly #commandTimeoutMs: number
  readonly #endsAt: number
  readonly #progress: () => Progress | undefined

  /** `progress`: what has come for it. @default nobody knows */
  constructor(
    options: CallOptions,
    commandTimeoutMs: number,
    progress: () => Progress | undefined = () => undefined,
  ) {
    this.signal = options.signal
    this.#commandTimeoutMs = commandTimeoutMs
    this.#progress = progress
    this.#endsAt = options.timeoutMs === undefined ? Number.POSITIVE_INFINITY : now() + options.timeoutMs
  }

  /**
   * Settles as the command does, or fails when the time is up or the caller has given up: it may be applied then. A caller
   * that names no time gives each command its own. One that does is not cut short: the transport leaves a server that is
   * silent, and one that is slow has the time of the call.
   */
  guard<T>(command: Promise<T>, extraMs = 0): Promise<T> {
    return withDeadline(command, this.#limitMs(extraMs), this.signal, (within) =>
      lateFault(within, this.#progress(), this.hasOwnTime ? 'timeoutMs' : 'commandTimeoutMs'),
    )
  }

  /** Whether the caller has said how long it may take. */
  get hasOwnTime(): boolean {
    return Number.isFinite(this.#endsAt)
  }

  /** How long a command may wait for its turn: less than it may take, so that whoever waits hears that it was not sent. */
  turnMs(extraMs = 0): number {
    return 0.9 * this.#limitMs(extraMs)
  }

  /**
   * Settles as `work` does, or fails a little before the time is up, so that the reason is heard: with `reason`, if there
   * is one by then. Nothing of this call was sent yet, so failing here means surely not applied. A call without a time of
   * its own waits for `atMostMs`.
   */
  async beforeSending(
    work: Promise<void>,
    reason: () => DriverFault | undefined,
    atMostMs: number,
  ): Promise<void> {
    const leftMs = this.timeLeftMs(this.hasOwnTime ? Number.POSITIVE_INFINITY : atMostMs)
    const limitMs = leftMs - Math.min(LEAVE_MS, leftMs / 10)
    try {
      await withDeadline(work, limitMs, this.signal, noConnection)
    } catch (cause) {
      if (!DriverFault.isInstance(cause) || cause.disposition !== 'ambiguous') throw cause
      const because = reason()
      if (cause.code !== 'timeout' || because === undefined) throw notSent(cause)
      throw new DriverFault(because, `${cause.message}: ${because.message}`, { cause: because.cause })
    }
  }

  /** Throws if the caller has given up already: nothing is to be sent then. */
  throwIfAborted(): void {
    if (this.signal?.aborted !== true) return
    throw new DriverFault({ code: 'aborted', disposition: 'permanent' }, 'the call was aborted', {
      cause: this.signal.reason,
    })
  }

  /**
   * How long a server may keep a command waiting: less than the command may take, so that its answer comes first, and
   * less than a client allows a connection to be silent.
   */
  waitMs(atMost: number): number {
    return Math.max(1, Math.min(atMost, Math.floor(0.9 * this.timeLeftMs(this.#commandTimeoutMs))))
  }

  #limitMs(extraMs: number): number {
    return this.timeLeftMs(this.hasOwnTime ? Number.POSITIVE_INFINITY : this.#commandTimeoutMs + extraMs)
  }

  /** Not rounded: whoever has given the time counts it, too, and is to hear the reason before it is up. */
  timeLeftMs(atMost: number): number {
    return Math.max(0, Math.min(atMost, this.#endsAt - now()))
  }
}

const advice = 'Check that the server can be reached from here, or allow more time with timeoutMs.'

function noConnection(within: string): DriverFault {
  return new DriverFault({ code: 'timeout', disposition: 'ambiguous', advice }, `no connection ${within}`)
}

/** A call that did not come to be sent may be made again, unless its caller has given up. */
function notSent({ code, advice: more, message, cause }: DriverFault): DriverFault {
  const disposition = code === 'aborted' ? 'permanent' : 'transient'
  const meaning = { code, disposition, ...(more === undefined ? {} : { advice: more }) } as const
  return new DriverFault(meaning, message, { cause })
}

function now(): number {
  return processTime.now()
}
