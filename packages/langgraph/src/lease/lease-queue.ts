import type { Clock, Partition } from '@cairnkit/core'

/** Tickets stand in the order of their numbers. */
const TICKETS = 'q'
const NUMBER_DIGITS = 16

/** A queue whose members all died is forgotten after this time, or four times their own where that is longer. */
const MIN_LIFE_MS = 3_600_000

interface Ticket {
  /** How often it was renewed. */
  readonly n: number
  /** How long it may stand unchanged, in milliseconds: its owner promises to renew it well within. */
  readonly t: number
}

interface Watched {
  readonly text: string
  readonly since: number
}

/**
 * Those who wait for a lease, in the order in which they came. Each renews its ticket while it waits; whose ticket stands
 * unchanged for longer than it promised, by the clock of whoever watches it, is taken for dead and removed.
 */
export class LeaseQueue {
  readonly #partition: Partition
  readonly #clock: Clock
  readonly #ttlMs: number
  readonly #id: string
  readonly #watched = new Map<string, Watched>()
  #ticket: string | undefined
  #beats = 0
  #beatAt = 0

  /** `id` is unlike that of any other who waits. */
  constructor(partition: Partition, clock: Clock, ttlMs: number, id: string) {
    this.#partition = partition
    this.#clock = clock
    this.#ttlMs = ttlMs
    this.#id = id
  }

  async isEmpty(): Promise<boolean> {
    const [{ names }] = await this.#partition.read([{ type: 'names', prefix: [TICKETS], limit: 1 }])
    return names.length === 0
  }

  /** How many stand in front. Joins at the end if this one does not stand in the queue, or not any more. */
  async look(): Promise<number> {
    for (;;) {
      const ticket = this.#ticket ?? (await this.#join())
      await this.#beat(ticket)
      const [{ records }] = await this.#partition.read([{ type: 'range', prefix: [TICKETS] }])
      const tickets = records.map(({ key, bytes }) => ({ name: key[1] ?? '', bytes }))
      const position = tickets.findIndex(({ name }) => name === ticket)
      if (position < 0) {
        // It was taken for dead: it stood still for too long.
        this.#ticket = undefined
        continue
      }
      const removed = await Promise.all(
        tickets.slice(0, position).map(async ({ name, bytes }) => await this.#removeIfDead(name, bytes)),
      )
      return removed.filter((isRemoved) => !isRemoved).length
    }
  }

  async leave(): Promise<void> {
    if (this.#ticket === undefined) return
    await this.#partition.commit({ mutations: [{ type: 'delete', key: [TICKETS, this.#ticket] }] })
    this.#ticket = undefined
  }

  async #join(): Promise<string> {
    for (;;) {
      const [{ names }] = await this.#partition.read([
        { type: 'names', prefix: [TICKETS], reverse: true, limit: 1 },
      ])
      const last = names[0]
      const number = last === undefined ? 0 : Number.parseInt(last, 10) + 1
      const ticket = `${String(number).padStart(NUMBER_DIGITS, '0')}-${this.#id}`
      const { ok } = await this.#partition.commit({
        checks: [{ type: 'head', prefix: [TICKETS], elements: [last ?? null, ticket] }],
        mutations: this.#mutations(ticket),
      })
      if (!ok) continue
      this.#ticket = ticket
      this.#beatAt = this.#clock.now()
      return ticket
    }
  }

  async #beat(ticket: string): Promise<void> {
    const now = this.#clock.now()
    if (now - this.#beatAt < this.#ttlMs / 3) return
    this.#beats += 1
    this.#beatAt = now
    await this.#partition.commit({
      checks: [{ type: 'present', key: [TICKETS, ticket] }],
      mutations: this.#mutations(ticket),
    })
  }

  #mutations(ticket: string) {
    const value: Ticket = { n: this.#beats, t: this.#ttlMs }
    return [
      { type: 'put' as const, key: [TICKETS, ticket], bytes: Buffer.from(JSON.stringify(value), 'utf8') },
      { type: 'expire' as const, ttlMs: Math.max(MIN_LIFE_MS, 4 * this.#ttlMs) },
    ]
  }

  async #removeIfDead(name: string, bytes: Uint8Array): Promise<boolean> {
    const text = Buffer.from(bytes).toString('utf8')
    const now = this.#clock.now()
    const watched = this.#watched.get(name)
    if (watched?.text !== text) {
      this.#watched.set(name, { text, since: now })
      return false
    }
    if (now - watched.since <= promiseOf(text, this.#ttlMs)) return false
    const key = [TICKETS, name]
    const { ok } = await this.#partition.commit({
      checks: [{ type: 'equals', key, bytes }],
      mutations: [{ type: 'delete', key }],
    })
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
