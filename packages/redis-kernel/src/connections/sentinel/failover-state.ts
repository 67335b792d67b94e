import type { RedisAddress } from '../options/options.js'
import { addressText } from './address-text.js'
import type { SentinelEvent } from './sentinel-event.js'
import type { Candidate } from './sentinel-poll.js'

/** How long a server is not gone back to whose failover was announced and did not come to an end. */
const VALID_MS = 10_000

interface Failover {
  /** The Sentinel that leads it. */
  readonly leader: string
  readonly from: string
  readonly to: RedisAddress | undefined
  readonly endsAt: number
}

/**
 * The failover under way, as the Sentinel that leads it has announced it: which server is not the primary any more,
 * though most Sentinels still name it, and which one will be, though none names it yet.
 */
export class FailoverState {
  readonly #now: () => number
  #failover: Failover | undefined

  /** `now`: a clock in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** `sentinel`: which one has announced it. */
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
        // A Sentinel that was not elected gives up while another one goes on.
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

  /** The servers that may be followed, of those that Sentinels name. */
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
