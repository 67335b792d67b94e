import type { CallOptions, Clock, Partition } from '@cairnkit/core'
import { END_MS, type LeaseClocks } from './lease-hold.js'

/** Tickets stand in the order of their numbers. */
const TICKETS = 'q'
const NUMBER_DIGITS = 16

/** How many tickets in front are read, so that not every run in a long queue reads all of it, ten times a second. */
const WATCHED = 16

/** A queue whose runs all died expires after this time, or after four times their `ttlMs` if that is longer. */
const MIN_LIFE_MS = 3_600_000

interface Ticket {
  /** How often the ticket was renewed. */
  readonly n: number
  /** How long the ticket may stay unchanged, in milliseconds. Its owner renews it well within this time. */
  readonly t: number
}

interface Watched {
  readonly text: string
  readonly since: number
}

/**
 * The runs that wait for a lease, in the order of their arrival. Each renews its ticket while it waits. If a ticket stays
 * unchanged for longer than it promised, another run takes its owner for dead and removes it. That run counts only the time in
 * which its own process ran, because two runs in one process stand still together.
 */
export class LeaseQueue {
  readonly #partition: Partition
  readonly #clock: Clock
  readonly #processClock: Clock
  readonly #ttlMs: number
  readonly #id: string
  readonly #watched = new Map<string, Watched>()
  #ticket: string | undefined
  #beats = 0
  #beatAt = 0

  /** `id` differs from that of every other run that waits. */
  constructor(partition: Partition, clocks: LeaseClocks, ttlMs: number, id: string) {
    this.#partition = partition
    this.#clock = clocks.clock
    this.#processClock = clocks.processClock
    this.#ttlMs = ttlMs
    this.#id = id
  }

  async isEmpty(options: CallOptions = {}): Promise<boolean> {
    const reads = [{ type: 'names', prefix: [TICKETS], limit: 1 }] as const
    const [{ names }] = await this.#partition.read(reads, options)
    return names.length === 0
  }

  /**
   * Resolves to how many tickets are in front, of those that are read. Joins the end of the queue if this run is not, or no
   * longer, in it.
   */
  async look(options: CallOptions = {}): Promise<number> {
    for (;;) {
      const ticket = this.#ticket ?? (await this.#join(options))
      await this.#beat(ticket, options)
      const key = [TICKETS, ticket]
      const [own, ahead] = await this.#partition.read(
        [
          { type: 'get', key },
          { type: 'range', prefix: [TICKETS], until: key, limit: WATCHED },
        ],
        options,
      )
      if (own.record === undefined) {
        // The ticket was removed, because this process stood still for too long.
        this.#ticket = undefined
        continue
      }
      const removed = await Promise.all(
        ahead.records.map(
          async ({ key: [, name = ''], bytes }) => await this.#removeIfDead(name, bytes, options),
        ),
      )
      return removed.filter((isRemoved) => !isRemoved).length
    }
  }

  /** Leaves the queue, within a second. Never fails: a ticket that is not removed is later taken for dead. */
  async leave(): Promise<void> {
    if (this.#ticket === undefined) return
    const mutations = [{ type: 'delete' as const, key: [TICKETS, this.#ticket] }]
    this.#ticket = undefined
    await Promise.allSettled([this.#partition.commit({ mutations }, { timeoutMs: END_MS })])
  }

  async #join(options: CallOptions): Promise<string> {
    for (;;) {
      const reads = [{ type: 'names', prefix: [TICKETS], reverse: true, limit: 1 }] as const
      const [{ names }] = await this.#partition.read(reads, options)
      const last = names[0]
      const number = last === undefined ? 0 : Number.parseInt(last, 10) + 1
      const ticket = `${String(number).padStart(NUMBER_DIGITS, '0')}-${this.#id}`
      // The ticket may be in the queue from here on, even if the answer is lost.
      this.#ticket = ticket
      const { ok } = await this.#partition.commit(
        {
          checks: [{ type: 'head', prefix: [TICKETS], elements: [last ?? null, ticket] }],
          mutations: this.#mutations(ticket),
        },
        options,
      )
      if (!ok) continue
      this.#beatAt = this.#clock.now()
      return ticket
    }
  }

  async #beat(ticket: string, options: CallOptions): Promise<void> {
    const now = this.#clock.now()
    if (now - this.#beatAt < this.#ttlMs / 3) return
    this.#beats += 1
    this.#beatAt = now
    await this.#partition.commit(
      { checks: [{ type: 'present', key: [TICKETS, ticket] }], mutations: this.#mutations(ticket) },
      options,
    )
  }

  #mutations(ticket: string) {
    const value: Ticket = { n: this.#beats, t: this.#ttlMs }
    return [
      { type: 'put' as const, key: [TICKETS, ticket], bytes: Buffer.from(JSON.stringify(value), 'utf8') },
      { type: 'expire' as const, ttlMs: Math.max(MIN_LIFE_MS, 4 * this.#ttlMs) },
    ]
  }

  async #removeIfDead(name: string, bytes: Uint8Array, options: CallOptions): Promise<boolean> {
    const text = Buffer.from(bytes).toString('utf8')
    const now = this.#processClock.now()
    const watched = this.#watched.get(name)
    if (watched?.text !== text) {
      this.#watched.set(name, { text, since: now })
      return false
    }
    if (now - watched.since <= promiseOf(text, this.#ttlMs)) return false
    const key = [TICKETS, name]
    const { ok } = await this.#partition.commit(
      { checks: [{ type: 'equals', key, bytes }], mutations: [{ type: 'delete', key }] },
      options,
    )
    return ok
  }
}

function promiseOf(text: string, otherwise: number): number {
  try {
    const ticket = JSON.parse(text) as Partial<Ticket> | null
    return typeof ticket?.t === 'number' ? ticket.t : otherwise
  } catch (cause) {
    if (cause instanceof SyntaxError) return otherwise
    throw cause
  }
}
