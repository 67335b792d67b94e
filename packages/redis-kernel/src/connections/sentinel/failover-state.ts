import type { SentinelEvent } from './sentinel-event.js'
import type { RedisAddress } from '../options/options.js'
import { type Candidate, textOf } from './sentinel-quorum.js'
import type { SingleServerClient } from '../clients/single-server.js'

/** How long a server is not gone back to whose failover was announced and did not come to an end. */
const VALID_MS = 10_000

/** A connection to a server that is, or is to be, the primary. */
export interface ConnectedServer {
  readonly kind: SingleServerClient<unknown>
  readonly client: unknown
  /** As Sentinels write its address. */
  readonly name: string
}

interface Failover {
  /** The Sentinel that leads it. */
  readonly leader: string
  readonly from: string
  readonly to: RedisAddress | undefined
  readonly endsAt: number
}

/**
 * The failover under way, as the Sentinel that leads it has announced it: who is not the primary any more, though most
 * Sentinels still say so, and who will be it, though none says so yet.
 */
export class FailoverState {
  #failover: Failover | undefined
  #waiting: ConnectedServer | undefined

  /** `sentinel`: who says so. */
  note(news: SentinelEvent, sentinel: string): void {
    const from = textOf(news.from)
    switch (news.type) {
      case 'begun':
      case 'chosen':
        this.dismiss()
        this.#failover = {
          leader: sentinel,
          from,
          to: news.type === 'chosen' ? news.to : undefined,
          endsAt: performance.now() + VALID_MS,
        }
        return
      case 'aborted':
        // One that was not elected gives up while another one goes on.
        if (this.#failover?.from === from && this.#failover.leader === sentinel) this.dismiss()
        return
      case 'switched':
    }
  }

  /** Whether this server is being replaced. */
  isDeposed(name: string): boolean {
    return this.#current?.from === name
  }

  /** Those that may be followed, of the servers that Sentinels name. */
  among(named: readonly Candidate[]): readonly Candidate[] {
    const { to } = this.#current ?? {}
    const candidates = named.filter(({ address }) => !this.isDeposed(textOf(address)))
    const isNamed = to === undefined || candidates.some(({ address }) => textOf(address) === textOf(to))
    return isNamed ? candidates : [...candidates, { address: to, votes: 0 }]
  }

  /** Keeps the connection to a replica until it is the primary. `false` if it is not the one that will be. */
  keep(replica: ConnectedServer): boolean {
    const { to } = this.#current ?? {}
    if (to === undefined || textOf(to) !== replica.name || this.#waiting !== undefined) return false
    this.#waiting = replica
    return true
  }

  /** The connection to a server that was kept; it is the caller's then. */
  take(name: string): ConnectedServer | undefined {
    const waiting = this.#waiting
    if (waiting?.name !== name) return undefined
    this.#waiting = undefined
    return waiting
  }

  /** Knows of nothing any more. */
  dismiss(): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    this.#failover = undefined
    if (waiting !== undefined) void waiting.kind.destroy(waiting.client)
  }

  get #current(): Failover | undefined {
    if (this.#failover !== undefined && this.#failover.endsAt < performance.now()) this.dismiss()
    return this.#failover
  }
}
