import type { RedisAddress } from '../options/options.js'
import { addressText } from './address-text.js'
import type { SentinelEvent } from './sentinel-event.js'
import type { Candidate } from './sentinel-poll.js'

/** How long an announced failover without an end keeps followers from returning to the old primary. */
const VALID_MS = 10_000

interface Failover {
  /** The Sentinel that leads the failover. */
  readonly leader: string
  readonly from: string
  readonly to: RedisAddress | undefined
  readonly endsAt: number
}

/**
 * The current failover, as announced by the Sentinel that leads it. It says which server is no longer the primary, although most
 * Sentinels still name it, and which one will be the primary, although no Sentinel names it yet.
 */
export class FailoverState {
  readonly #now: () => number
  #failover: Failover | undefined

  /** `now` is a clock in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Notes an event; `sentinel` is the one that announced it. */
  note(event: SentinelEvent, sentinel: string): void {
    const from = addressText(event.from)
    switch (event.type) {
      case 'begun':
      case 'chosen':
        this.#failover = {
          leader: sentinel,
          from,
          to: event.type === 'chosen' ? event.to : undefined,
          endsAt: this.#now() + VALID_MS,
        }
        return
      case 'aborted':
        // A Sentinel that was not elected aborts while another one continues.
        if (this.#failover?.from === from && this.#failover.leader === sentinel) this.forget()
        return
      case 'switched':
    }
  }

  /** Whether this server is being replaced. */
  isDeposed(name: string): boolean {
    return this.#current?.from === name
  }

  /** Whether this server is being promoted. */
  isChosen(name: string): boolean {
    const { to } = this.#current ?? {}
    return to !== undefined && addressText(to) === name
  }

  /** Returns the servers that may be followed, of those that Sentinels name. */
  among(named: readonly Candidate[]): readonly Candidate[] {
    const { to } = this.#current ?? {}
    const candidates = named.filter(({ address }) => !this.isDeposed(addressText(address)))
    const isNamed = to === undefined || candidates.some(({ address }) => this.isChosen(addressText(address)))
    return isNamed ? candidates : [...candidates, { address: to, votes: 0 }]
  }

  forget(): void {
    this.#failover = undefined
  }

  get #current(): Failover | undefined {
    return this.#failover !== undefined && this.#now() < this.#failover.endsAt ? this.#failover : undefined
  }
}
