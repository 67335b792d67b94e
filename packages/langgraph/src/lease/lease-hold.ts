import {
  type CallOptions,
  type Check,
  type Clock,
  type ExpireMutation,
  type Partition,
  StorageError,
} from '@cairnkit/core'
import { fenceKey } from '../records/keys.js'
import { LeaseLostError } from '../thread-errors.js'

/** The one record of the partition of a lease is named by its token. The partition lives as long as the lease. */
const HOLDERS = 'h'
const NO_BYTES = new Uint8Array(0)

/** How often a lease is renewed while it lives. */
const RENEWALS_PER_TTL = 3

/** How long the end of a lease may take, in milliseconds: whoever has the result of a run is not to wait for it. */
export const END_MS = 1000

const HAD_BY_ANOTHER =
  'this process stood still for longer than the lease lives, and another run took it meanwhile'

/** The time as the storage sees it, too, and the time in which this process runs. */
export interface LeaseClocks {
  readonly clock: Clock
  readonly processClock: Clock
}

/** Where a lease and what it guards are kept. */
export interface LeasePlace extends LeaseClocks {
  readonly threadId: string
  readonly lease: Partition
  readonly thread: Partition
  /** What the fence says of the life of a thread that is born with it. */
  readonly expireAtBirth: ExpireMutation | undefined
}

/**
 * A lease on a thread, and its fence. The lease lives by the clock of the storage; this process takes it for over a little
 * earlier, counted by its own clock from before it asked. The fence is a record in the thread itself that holds the token
 * of the lease: every commit checks it, so a process that stood still and does not know that its time is over stores
 * nothing.
 *
 * A process that stood still for longer than the lease lives is not judged by its clock: the storage is asked. If nobody
 * took the lease meanwhile it is taken again, and it was never another's if the fence still stands.
 */
export class LeaseHold {
  readonly token: string
  readonly #place: LeasePlace
  readonly #ttlMs: number
  readonly #fence: Uint8Array
  readonly #lost = new AbortController()
  #endsAt = Number.NEGATIVE_INFINITY
  /** The same by the process time: later, where the process stood still. */
  #endsAtOfProcess = Number.NEGATIVE_INFINITY
  #isFenceSet = false
  /** The lease ended while the process stood still: another run may have had it. */
  #hasLapsed = false
  #isOver = false

  constructor(place: LeasePlace, ttlMs: number, token: string) {
    this.#place = place
    this.#ttlMs = ttlMs
    this.token = token
    this.#fence = Buffer.from(token, 'utf8')
  }

  /** Fires when the lease is lost. */
  get signal(): AbortSignal {
    return this.#lost.signal
  }

  /** What every commit under the lease is to check. */
  get fenceCheck(): Check {
    return { type: 'equals', key: fenceKey, bytes: this.#fence }
  }

  /** Takes the lease if nobody has it; `false` otherwise. May be called again while it is held. */
  async tryAcquire(options: CallOptions = {}): Promise<boolean> {
    const key = [HOLDERS, this.token]
    const extend = this.#extension()
    const { ok } = await this.#place.lease.commit(
      {
        checks: [{ type: 'head', prefix: [HOLDERS], elements: [null, this.token] }],
        mutations: [
          { type: 'put', key, bytes: NO_BYTES },
          { type: 'expire', ttlMs: this.#ttlMs },
        ],
      },
      options,
    )
    if (ok) extend()
    return ok
  }

  /** Throws `LeaseLostError` when the lease is over, by the time in which this process ran or because it was given back. */
  assertHeld(): void {
    if (this.#isOver) throw this.lose('withThread is over')
    if (this.#lost.signal.aborted) throw this.#lost.signal.reason
    if (this.#processTimeLeftMs <= 0) throw this.lose('it was not renewed in time')
  }

  /**
   * Sets the fence, also where it was lost with the thread. Throws `LeaseLostError` if the lease is not held any
   * more. Safe against a holder that stands still between any two of its steps: the lease is proven to be held after the
   * old fence was read, so a later holder has not set its own yet, and if it does meanwhile, the exchange fails.
   */
  async ensureFence(optionsOfCall: () => CallOptions = () => ({})): Promise<void> {
    for (;;) {
      this.assertHeld()
      const fence = await this.readFence(this.#bounded(optionsOfCall()))
      if (this.#isOwn(fence)) return
      const hasLapsed = this.#hasLapsed || this.#timeLeftMs <= 0
      if (hasLapsed && this.#isFenceSet) throw this.lose(HAD_BY_ANOTHER)
      const isHeld = hasLapsed
        ? await this.tryAcquire(this.#bounded(optionsOfCall()))
        : await this.#renew(optionsOfCall())
      if (!isHeld) throw this.lose('another run has it')
      if (await this.setFence(fence, optionsOfCall())) return
    }
  }

  /** The token in the fence; `undefined`: there is none. */
  async readFence(options: CallOptions = {}): Promise<Uint8Array | undefined> {
    const [{ record }] = await this.#place.thread.read([{ type: 'get', key: fenceKey }], options)
    return record?.bytes
  }

  /** Sets the fence in the place of `former`, which was read before the lease was proven to be held; `false`: look again. */
  async setFence(former: Uint8Array | undefined, options: CallOptions = {}): Promise<boolean> {
    this.assertHeld()
    const check: Check =
      former === undefined
        ? { type: 'absent', key: fenceKey }
        : { type: 'equals', key: fenceKey, bytes: former }
    const { expireAtBirth } = this.#place
    const mutations = [
      { type: 'put' as const, key: fenceKey, bytes: this.#fence },
      ...(expireAtBirth === undefined ? [] : [expireAtBirth]),
    ]
    try {
      const { ok } = await this.#place.thread.commit({ checks: [check], mutations }, this.#bounded(options))
      this.#isFenceSet ||= ok
      return ok
    } catch (cause) {
      // What became of it is seen by looking again.
      const isOver = options.signal?.aborted === true
      if (!isOver && StorageError.isInstance(cause) && cause.disposition === 'ambiguous') return false
      throw cause
    }
  }

  /** Renews the lease until `stop` fires or it is lost. */
  async keep(stop: AbortSignal): Promise<void> {
    const pauseMs = this.#ttlMs / RENEWALS_PER_TTL
    while (!stop.aborted && !this.signal.aborted) {
      try {
        await this.#place.clock.sleep(Math.max(0, Math.min(pauseMs, this.#timeLeftMs)), stop)
      } catch {
        // The sleep ends early only when there is nothing to renew any more.
        return
      }
      await this.#renewOrLose(stop)
    }
  }

  /** Gives the lease back, within a second. Never fails: what cannot be given back ends by itself. */
  async release(): Promise<void> {
    const { lease, thread } = this.#place
    this.#isOver = true
    const options = { timeoutMs: END_MS }
    const given = lease.commit({ mutations: [{ type: 'delete', key: [HOLDERS, this.token] }] }, options)
    const lowered = thread.commit(
      { checks: [this.fenceCheck], mutations: [{ type: 'delete', key: fenceKey }] },
      options,
    )
    await Promise.allSettled([given, lowered])
  }

  /** Makes the loss known to whoever listens; gives the error to throw. */
  lose(reason: string): LeaseLostError {
    const error = new LeaseLostError(this.#place.threadId, reason)
    if (!this.#isOver) this.#lost.abort(error)
    return error
  }

  get #timeLeftMs(): number {
    return this.#endsAt - this.#place.clock.now()
  }

  get #processTimeLeftMs(): number {
    return this.#endsAtOfProcess - this.#place.processClock.now()
  }

  /** What the lease lives on for when the storage grants what is asked now. */
  #extension(): () => void {
    const { clock, processClock } = this.#place
    const [sentAt, sentAtOfProcess] = [clock.now(), processClock.now()]
    return () => {
      this.#endsAt = Math.max(this.#endsAt, sentAt + this.#ttlMs)
      this.#endsAtOfProcess = Math.max(this.#endsAtOfProcess, sentAtOfProcess + this.#ttlMs)
    }
  }

  #isOwn(fence: Uint8Array | undefined): boolean {
    return fence !== undefined && Buffer.compare(fence, this.#fence) === 0
  }

  /** A call that is of no use once the lease is over. */
  #bounded({ timeoutMs = Number.POSITIVE_INFINITY, ...options }: CallOptions): CallOptions {
    return { ...options, timeoutMs: Math.max(1, Math.min(timeoutMs, this.#processTimeLeftMs)) }
  }

  async #renewOrLose(signal: AbortSignal): Promise<void> {
    if (this.#processTimeLeftMs <= 0) {
      this.lose('it was not renewed in time')
      return
    }
    this.#hasLapsed ||= this.#timeLeftMs <= 0
    try {
      if (this.#hasLapsed) await this.#regainOrLose({ signal })
      else if (!(await this.#renew({ signal }))) this.lose('another run has it')
    } catch (cause) {
      // An outage may pass: tried again until the time is over.
      if (StorageError.isInstance(cause) && cause.disposition !== 'permanent') return
      this.lose(`it could not be renewed: ${cause instanceof Error ? cause.message : String(cause)}`)
    }
  }

  /** For a lease that ended while the process stood still: it is as if it had not, unless another run has had it. */
  async #regainOrLose(options: CallOptions): Promise<void> {
    const isOurs =
      (await this.tryAcquire(this.#bounded(options))) &&
      (!this.#isFenceSet || this.#isOwn(await this.readFence(this.#bounded(options))))
    if (isOurs) this.#hasLapsed = false
    else this.lose(HAD_BY_ANOTHER)
  }

  async #renew(options: CallOptions): Promise<boolean> {
    const extend = this.#extension()
    const { ok } = await this.#place.lease.commit(
      {
        checks: [{ type: 'present', key: [HOLDERS, this.token] }],
        mutations: [{ type: 'expire', ttlMs: this.#ttlMs }],
      },
      this.#bounded(options),
    )
    if (ok) extend()
    return ok
  }
}
