import { type CallOptions, closed, withDeadline } from '@cairnkit/core/driver'
import { Call } from '../call.js'
import { openFault } from '../errors/failure.js'
import type { RedisTransport } from '../../redis-transport.js'

export interface ConnectionTimeouts {
  readonly connectTimeoutMs: number
  readonly commandTimeoutMs: number
}

type State = 'idle' | 'open' | 'closed'

/** How much longer than the client the kernel waits, so that the client can say what is wrong. */
const GRACE_MS = 100

/**
 * Whether the transport is connected. Connects by itself when it is first needed, once for all who wait; after a
 * failure the next call tries again.
 */
export class Connection {
  readonly #transport: RedisTransport
  readonly #timeouts: ConnectionTimeouts
  /** Fails when the server cannot do what the driver needs. */
  readonly #probe: (call: Call) => Promise<void>
  #state: State = 'idle'
  #opening: Promise<void> | undefined
  #closing: Promise<void> | undefined

  constructor(transport: RedisTransport, timeouts: ConnectionTimeouts, probe: (call: Call) => Promise<void>) {
    this.#transport = transport
    this.#timeouts = timeouts
    this.#probe = probe
  }

  /** Runs `work` in this tick when the connection is there, and else as soon as it is. */
  use<T>(options: CallOptions, work: (call: Call) => Promise<T>): Promise<T> {
    const call = new Call(options, this.#timeouts.commandTimeoutMs)
    call.throwIfAborted()
    return this.#state === 'open' ? work(call) : this.#ready(call).then(() => work(call))
  }

  async close(options: CallOptions): Promise<void> {
    this.#state = 'closed'
    this.#closing ??= this.#transport.close()
    const timeoutMs = options.timeoutMs ?? this.#timeouts.commandTimeoutMs
    await withDeadline(this.#closing, timeoutMs, options.signal, 'the client did not close')
  }

  async #ready(call: Call): Promise<void> {
    if (this.#state === 'closed') throw closed()
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined
    })
    await call.beforeSending(this.#opening)
    this.#throwIfClosed()
  }

  async #open(): Promise<void> {
    const timeoutMs = this.#timeouts.connectTimeoutMs
    const call = new Call({ timeoutMs: timeoutMs + GRACE_MS }, timeoutMs + GRACE_MS)
    try {
      await call.guard(this.#transport.connect({ timeoutMs }))
      this.#throwIfClosed()
      await this.#probe(call)
    } catch (cause) {
      this.#throwIfClosed()
      throw openFault(cause, this.#transport)
    }
    this.#throwIfClosed()
    this.#state = 'open'
  }

  #throwIfClosed(): void {
    if (this.#state === 'closed') throw closed()
  }
}
