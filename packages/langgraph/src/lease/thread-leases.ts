import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type ExpireMutation,
  Keyspace,
  type KeyspaceOptions,
  type StorageDriver,
  StorageError,
} from '@cairnkit/core'
import { LeaseTimeoutError } from '../thread-errors.js'
import { type LeaseClocks, LeaseHold } from './lease-hold.js'
import { type ThreadLease, type WithThreadOptions, resolveLeaseOptions } from './lease-options.js'
import { LeaseQueue } from './lease-queue.js'
import { Patience } from './patience.js'

/** The first names of the partitions that hold leases and those who wait for them. */
const LEASES = 'lease'
const QUEUES = 'lease-queue'

/** How far apart the looks of one who waits are at the most, in milliseconds: of the first in the queue, and of others. */
const FIRST_LOOK_MS = 100
const OTHER_LOOK_MS = 400

/** As that of a keyspace. */
const DEFAULT_CALL_MS = 15_000

/** The leases of one saver: who has one is known by the asynchronous context of a call. */
export class ThreadLeases {
  readonly #threads: Keyspace
  readonly #leases: Keyspace
  readonly #queues: Keyspace
  readonly #clocks: LeaseClocks
  readonly #expireAtBirth: ExpireMutation | undefined
  /** How long one call may take, in milliseconds. */
  readonly #callMs: number
  readonly #held = new AsyncLocalStorage<ReadonlyMap<string, LeaseHold>>()

  /** `expireAtBirth`: what is said of the life of a thread that is born with a fence. */
  constructor(
    driver: StorageDriver,
    threads: Keyspace,
    options: KeyspaceOptions,
    clocks: LeaseClocks,
    expireAtBirth?: ExpireMutation,
  ) {
    this.#expireAtBirth = expireAtBirth
    this.#threads = threads
    this.#leases = new Keyspace(driver, [LEASES], options)
    this.#queues = new Keyspace(driver, [QUEUES], options)
    this.#clocks = clocks
    this.#callMs = options.timeoutMs ?? DEFAULT_CALL_MS
  }

  /** The lease under which the calling code writes to a thread. */
  current(threadId: string): LeaseHold | undefined {
    return this.#held.getStore()?.get(threadId)
  }

  async run<T>(
    threadId: string,
    fn: (lease: ThreadLease) => Promise<T>,
    options: WithThreadOptions,
  ): Promise<T> {
    const { ttlMs, waitMs, signal } = resolveLeaseOptions(options)
    const held = this.current(threadId)
    if (held !== undefined) {
      held.assertHeld()
      return await fn(handleOf(threadId, held))
    }
    const token = crypto.randomUUID()
    const place = {
      threadId,
      lease: this.#leases.partition(threadId),
      thread: this.#threads.partition(threadId),
      ...this.#clocks,
      expireAtBirth: this.#expireAtBirth,
    }
    const hold = new LeaseHold(place, ttlMs, token)
    const queue = new LeaseQueue(this.#queues.partition(threadId), this.#clocks, ttlMs, token)
    const done = new AbortController()
    const patience = new Patience(this.#clocks.processClock, waitMs, this.#callMs, signal)
    let keeping: Promise<void>
    try {
      signal?.throwIfAborted()
      const [fence, nobodyWaits] = await Promise.all([
        hold.readFence(patience.call()),
        queue.isEmpty(patience.call()),
      ])
      // Who finds nobody waiting is not overtaking anybody.
      const isAtOnce = nobodyWaits && (await hold.tryAcquire(patience.call()))
      if (!isAtOnce) await this.#wait(threadId, hold, queue, waitMs, patience, signal)
      keeping = hold.keep(done.signal)
      if (!isAtOnce || !(await hold.setFence(fence, patience.call())))
        await hold.ensureFence(() => patience.call())
    } catch (cause) {
      done.abort()
      // Whoever waits no longer does not wait for these either; they are bounded, and never fail.
      void Promise.all([queue.leave(), hold.release()])
      if (signal?.aborted === true) throw signal.reason
      // A timer may fire a moment early.
      const isOver = waitMs > 0 && patience.leftMs() <= 1
      throw isOver && StorageError.isInstance(cause) && cause.code === 'timeout'
        ? new LeaseTimeoutError(threadId, waitMs, cause)
        : cause
    }
    try {
      const context = new Map(this.#held.getStore()).set(threadId, hold)
      return await this.#held.run(context, async () => await fn(handleOf(threadId, hold)))
    } finally {
      done.abort()
      await Promise.all([keeping, hold.release()])
    }
  }

  /** Returns when the lease is held. */
  async #wait(
    threadId: string,
    hold: LeaseHold,
    queue: LeaseQueue,
    waitMs: number,
    patience: Patience,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    for (;;) {
      signal?.throwIfAborted()
      const leftMs = patience.leftMs()
      if (leftMs <= 0) throw new LeaseTimeoutError(threadId, waitMs)
      const ahead = await queue.look(patience.call())
      if (ahead === 0 && (await hold.tryAcquire(patience.call()))) break
      // Spread out, so that those who wait do not ask together.
      const pauseMs = (0.5 + Math.random() / 2) * (ahead === 0 ? FIRST_LOOK_MS : OTHER_LOOK_MS)
      await this.#clocks.processClock.sleep(Math.min(pauseMs, leftMs), signal).catch(() => undefined)
    }
    await queue.leave()
  }
}

function handleOf(threadId: string, hold: LeaseHold): ThreadLease {
  return Object.freeze({ threadId, token: hold.token, signal: hold.signal })
}
