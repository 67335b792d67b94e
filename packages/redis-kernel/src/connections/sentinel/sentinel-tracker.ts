import { type DriverFault, withDeadline } from '@cairnkit/core/driver'
import { reconnectDelayMs } from '../clients/connecting.js'
import type { SentinelSettings } from '../options/connection-plan.js'
import type { MakeStandalone } from './connected-server.js'
import { FailoverState } from './failover-state.js'
import type { SentinelEvent } from './sentinel-event.js'
import { SentinelListeners } from './sentinel-listeners.js'
import { type PollResult, SentinelPoll } from './sentinel-poll.js'

/** How often Sentinels are asked whether the primary is still the same. */
const POLL_MS = 500

/** How long a follower that is slow to connect may keep the others from what the Sentinels say next. */
const SLOW_FOLLOWER_MS = 300

/** A client that is to be connected to the primary. */
export interface SentinelFollower {
  readonly isConnected: boolean
  /** Connects to what the Sentinels name. Does nothing while it still connects. Never rejects. */
  consider(result: PollResult): Promise<void>
  /** Is told of an event in the tick in which it is heard, when {@link SentinelTracker.failover} knows of it. */
  hear(event: SentinelEvent): void
  /** Is told what was wrong with a Sentinel, by its address if it is about one. */
  noteAt(sentinel: string | undefined, cause: unknown): void
}

/**
 * Follows the Sentinels of one primary for all clients of a driver: asks them, listens to them, and tells its followers.
 * It has connections to Sentinels as long as it has followers: two to each, however many clients there are.
 */
export class SentinelTracker {
  readonly failover: FailoverState = new FailoverState()
  /**
   * How long a Sentinel may take to answer, in milliseconds. They are asked all at once, so each may take the time of
   * all: many clients that are made together keep the event loop busy for longer than one attempt lasts.
   */
  readonly patienceMs: number
  readonly #poll: SentinelPoll
  readonly #listeners: SentinelListeners
  readonly #followers = new Set<SentinelFollower>()
  #asking: Promise<PollResult> | undefined
  #isWatching = false
  #isLooking = false
  /** How many looks in a row have left a follower without a primary. */
  #attempts = 0
  #timer: NodeJS.Timeout | undefined

  constructor(settings: SentinelSettings, standalone: MakeStandalone) {
    this.patienceMs = settings.connectTimeoutMs
    const patient = { ...settings, attemptTimeoutMs: this.patienceMs }
    this.#poll = new SentinelPoll(patient, standalone, {
      noteAt: (sentinel, cause) => this.#note(cause, sentinel),
    })
    this.#listeners = new SentinelListeners(patient, standalone, (event, sentinel) => {
      this.failover.note(event, sentinel)
      for (const follower of this.#followers) follower.hear(event)
    })
  }

  /** How many bytes have come from the Sentinels. */
  get receivedBytes(): number {
    return this.#poll.receivedBytes
  }

  /** From now on the follower is told of what was wrong with Sentinels and, once {@link watch} was called, of the rest. */
  join(follower: SentinelFollower): void {
    this.#followers.add(follower)
  }

  /** With the last follower, all connections end. */
  async part(follower: SentinelFollower): Promise<void> {
    this.#followers.delete(follower)
    if (this.#followers.size > 0) return
    clearTimeout(this.#timer)
    this.#isWatching = false
    this.#attempts = 0
    this.failover.forget()
    await Promise.all([this.#poll.destroy(), this.#listeners.destroy()])
  }

  /** What the Sentinels say now: one question to each for all who ask at once. Rejects when none knows the primary. */
  ask(): Promise<PollResult> {
    this.#asking ??= this.#poll.ask().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  /** Asks and listens from now on. For a follower that is connected: before, each asks for itself. */
  watch(): void {
    if (this.#isWatching || this.#followers.size === 0) return
    this.#isWatching = true
    // The answer may take as long as an unreachable Sentinel does: nobody waits for it.
    this.#poll.learn().catch((cause: unknown) => this.#note(cause))
    this.#listeners.keep(this.#poll.addresses)
    this.#schedule(POLL_MS)
  }

  /** A follower has no primary: looks for one soon, at a pace that grows with what was tried in vain. */
  hurry(): void {
    if (!this.#isWatching || this.#isLooking || this.#attempts > 0) return
    this.#attempts = 1
    this.#schedule(lookDelayMs(this.#attempts))
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer)
    if (!this.#isWatching) return
    // What waits for the primary keeps the process alive by itself.
    this.#timer = setTimeout(() => void this.#look(), delayMs).unref()
  }

  /** Never rejects. */
  async #look(): Promise<void> {
    this.#isLooking = true
    try {
      const result = await this.ask()
      const considered = Promise.all([...this.#followers].map((follower) => follower.consider(result)))
      await withDeadline(considered, SLOW_FOLLOWER_MS, undefined).catch((_late: DriverFault) => undefined)
    } catch (cause) {
      this.#note(cause)
    } finally {
      this.#isLooking = false
    }
    const followers = [...this.#followers]
    if (followers.some(({ isConnected }) => isConnected)) this.#listeners.keep(this.#poll.addresses)
    this.#attempts = followers.every(({ isConnected }) => isConnected) ? 0 : this.#attempts + 1
    this.#schedule(this.#attempts === 0 ? POLL_MS : lookDelayMs(this.#attempts))
  }

  #note(cause: unknown, sentinel?: string): void {
    for (const follower of this.#followers) follower.noteAt(sentinel, cause)
  }
}

/** Sentinels are asked over connections that stand, so that is cheap: what is waited for comes as soon as they know. */
function lookDelayMs(attempt: number): number {
  return Math.min(reconnectDelayMs(attempt), 80)
}
