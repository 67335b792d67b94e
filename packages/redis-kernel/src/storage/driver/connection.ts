import { setTimeout as delay } from 'node:timers/promises'
import { type CallOptions, type DriverFault, closed, processTime, withDeadline } from '@cairnkit/core/driver'
import { Call } from '../call.js'
import { openFault } from '../errors/failure.js'
import type { Progress, RedisTransport } from '../../redis-transport.js'
import { Opening } from './opening.js'

export interface ConnectionTimeouts {
  readonly connectTimeoutMs: number
  readonly commandTimeoutMs: number
}

type State = 'idle' | 'open' | 'closed'

/** How much longer than the client the kernel waits, so that the client can say what is wrong. */
const GRACE_MS = 100

/** For what another limit ends. */
const UNLIMITED_MS = Number.MAX_SAFE_INTEGER

/**
 * Whether the transport is connected. Connects by itself when it is first needed, once for all who wait, and tries again
 * for as long as that may take; after a failure the next call tries again.
 */
export class Connection {
  readonly #transport: RedisTransport
  readonly #timeouts: ConnectionTimeouts
  /** Fails when the server cannot do what the driver needs. */
  readonly #probe: (call: Call) => Promise<void>
  #state: State = 'idle'
  #opening: Promise<void> | undefined
  #attempts: Opening | undefined
  /** Why the opening before this one failed. */
  #failure: DriverFault | undefined
  /** How many calls wait for it to open, and how many of them have a time of their own. */
  #waiting = 0
  #patient = 0
  readonly #closed = new AbortController()
  #closing: Promise<void> | undefined

  constructor(transport: RedisTransport, timeouts: ConnectionTimeouts, probe: (call: Call) => Promise<void>) {
    this.#transport = transport
    this.#timeouts = timeouts
    this.#probe = probe
  }

  /** Runs `work` in this tick when the connection is there, and else as soon as it is. */
  use<T>(
    options: CallOptions,
    work: (call: Call) => Promise<T>,
    progress?: () => Progress | undefined,
  ): Promise<T> {
    const call = new Call(options, this.#timeouts.commandTimeoutMs, progress)
    call.throwIfAborted()
    return this.#state === 'open' ? work(call) : this.#ready(call).then(() => work(call))
  }

  async close(options: CallOptions): Promise<void> {
    this.#state = 'closed'
    this.#closed.abort()
    this.#closing ??= this.#transport.close()
    const timeoutMs = options.timeoutMs ?? this.#timeouts.commandTimeoutMs
    await withDeadline(this.#closing, timeoutMs, options.signal, 'the client did not close')
  }

  async #ready(call: Call): Promise<void> {
    if (this.#state === 'closed') throw closed()
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined
    })
    this.#waiting++
    if (call.hasOwnTime) this.#patient++
    try {
      // What has no time of its own does not wait as long as another call may.
      const atMostMs = this.#timeouts.connectTimeoutMs + 3 * GRACE_MS
      await call.beforeSending(this.#opening, () => this.#reason, atMostMs)
    } finally {
      this.#waiting--
      if (call.hasOwnTime) this.#patient--
    }
    this.#throwIfClosed()
  }

  /** Tries until it is open, until the time is up, or until nobody waits for it. */
  async #open(): Promise<void> {
    const attempts = new Opening(this.#timeouts.connectTimeoutMs, processTime.now())
    this.#attempts = attempts
    for (;;) {
      try {
        await this.#attempt(attempts.timeLeftMs(processTime.now()))
        break
      } catch (cause) {
        this.#throwIfClosed()
        const failed = openFault(cause, this.#transport)
        const delayMs = attempts.failed(failed, processTime.now())
        if (delayMs === undefined || this.#waiting === 0) {
          this.#failure = attempts.fault(processTime.now()) ?? failed
          throw this.#failure
        }
        // Ended by close, which is told below.
        await delay(delayMs, undefined, { signal: this.#closed.signal }).catch(() => undefined)
        this.#throwIfClosed()
      }
    }
    this.#throwIfClosed()
    this.#state = 'open'
  }

  get #reason(): DriverFault | undefined {
    return this.#attempts?.fault(processTime.now()) ?? this.#failure
  }

  /** Not cut while a call has time and waits: the next attempt would begin with the first byte. Silence ends it below. */
  async #attempt(leftMs: number): Promise<void> {
    const timeoutMs = this.#patient > 0 ? this.#timeouts.connectTimeoutMs : Math.max(1, Math.ceil(leftMs))
    const givenUp = new AbortController()
    let isOver = false
    const made = this.#connect(timeoutMs, givenUp.signal).finally(() => (isOver = true))
    try {
      for (;;) {
        try {
          return await withDeadline(made, timeoutMs + GRACE_MS, undefined, 'the server did not answer')
        } catch (cause) {
          if (isOver || this.#patient === 0) throw cause
        }
      }
    } finally {
      givenUp.abort()
    }
  }

  async #connect(timeoutMs: number, signal: AbortSignal): Promise<void> {
    await this.#transport.connect({ timeoutMs, isWaitedFor: () => this.#patient > 0 })
    this.#throwIfClosed()
    const call = new Call({ signal, timeoutMs: UNLIMITED_MS }, UNLIMITED_MS)
    call.throwIfAborted()
    await this.#probe(call)
  }

  #throwIfClosed(): void {
    if (this.#state === 'closed') throw closed()
  }
}
