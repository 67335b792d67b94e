import {
  DriverFault,
  type ProcessTime,
  type Waiter,
  processTime,
  standstillSince,
} from '@cairnkit/core/driver'
import type { RedisCommand } from '../../redis-transport.js'
import { noAnswer } from '../failures/socket-errors.js'

/** A link that carries fewer bytes a millisecond is taken for a broken one: a large command has time for its own. */
const SLOWEST_LINK = 256

/** How long a connection that was found silent is taken for silent, in milliseconds, if nothing is heard on it. */
const MAX_REST_MS = 60_000

/** A command that was sent. */
export interface Sent {
  /** What it was sent by. */
  readonly client: object
  /** What it travels on: answers come in the order of the commands there. */
  readonly connection: object
  readonly key: Uint8Array
  readonly bytes: number
}

interface Owed extends Sent {
  readonly fail: (cause: DriverFault) => void
}

/**
 * Sees to it that connections that owe answers give some. A connection is silent when it has owed an answer for the whole
 * limit and given none; then all that it owes fails, and is not listened to any more. While answers come, the last of a
 * thousand commands may wait for as long as its call has time.
 *
 * It counts the time in which this process runs, so no client's own limit is used: those fire after a standstill before
 * what arrived meanwhile was read, and begin anew with each command that is written.
 */
export class AnswerWatch {
  readonly #limitMs: number
  readonly #silent: (silent: Sent) => void
  readonly #time: ProcessTime
  readonly #ledgers = new WeakMap<object, Ledger>()

  /** `silent` is told the command that has waited the longest. */
  constructor(limitMs: number, silent: (silent: Sent) => void, time: ProcessTime = processTime) {
    this.#limitMs = limitMs
    this.#silent = silent
    this.#time = time
  }

  /** Settles as `answer` does, or fails when the connection is silent: it may be applied then. */
  watch<T>(sent: Sent, answer: Promise<T>): Promise<T> {
    let ledger = this.#ledgers.get(sent.connection)
    if (ledger === undefined) {
      ledger = new Ledger(this.#limitMs, this.#silent, this.#time)
      this.#ledgers.set(sent.connection, ledger)
    }
    return ledger.add(sent, answer)
  }

  /** Whether nothing is to be sent there: it was found silent, and nothing was heard since. */
  isSilent(connection: object): boolean {
    return this.#ledgers.get(connection)?.isSilent === true
  }
}

/** What one connection owes. */
class Ledger implements Waiter {
  dueAt = 0
  readonly #limitMs: number
  readonly #silent: (silent: Sent) => void
  readonly #time: ProcessTime
  readonly #owed = new Set<Owed>()
  #bytes = 0
  /** Since when it owes an answer, or when it gave the last one. */
  #heardAt = 0
  #isWaiting = false
  #standstill = (): string => ''
  #restsUntil = Number.NEGATIVE_INFINITY

  constructor(limitMs: number, silent: (silent: Sent) => void, time: ProcessTime) {
    this.#limitMs = limitMs
    this.#silent = silent
    this.#time = time
  }

  get isSilent(): boolean {
    return this.#time.now() < this.#restsUntil
  }

  add<T>(sent: Sent, answer: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const owed: Owed = { ...sent, fail: reject }
      this.#owe(owed)
      answer.then(
        (value) => {
          this.#heard(owed)
          resolve(value)
        },
        (cause: unknown) => {
          this.#heard(owed)
          reject(cause as Error)
        },
      )
    })
  }

  #owe(owed: Owed): void {
    if (this.#owed.size === 0) this.#heardAt = this.#time.now()
    this.#owed.add(owed)
    this.#bytes += owed.bytes
    // Left waiting when nothing is owed any more: the next command comes soon.
    if (this.#isWaiting) return
    this.#isWaiting = true
    this.#standstill = standstillSince(this.#time)
    this.dueAt = this.#silentAt
    this.#time.add(this)
  }

  #heard(owed: Owed): void {
    this.#heardAt = this.#time.now()
    this.#restsUntil = Number.NEGATIVE_INFINITY
    if (this.#owed.delete(owed)) this.#bytes -= owed.bytes
  }

  get #silentAt(): number {
    return this.#heardAt + this.#limitMs + this.#bytes / SLOWEST_LINK
  }

  due(): void {
    const [oldest] = this.#owed
    if (oldest !== undefined && this.#time.now() < this.#silentAt) {
      this.dueAt = this.#silentAt
      return
    }
    this.#time.remove(this)
    this.#isWaiting = false
    if (oldest !== undefined) this.#giveUp(oldest)
  }

  #giveUp(oldest: Owed): void {
    const all = [...this.#owed]
    this.#owed.clear()
    this.#bytes = 0
    this.#restsUntil = this.#time.now() + MAX_REST_MS
    this.#silent(oldest)
    const reason = `the server did not answer within ${this.#limitMs} ms${this.#standstill()}`
    for (const { fail } of all) fail(new DriverFault(noAnswer, reason))
  }
}

/** About how many bytes a command has on the wire. */
export function sizeOf(command: RedisCommand): number {
  let bytes = 0
  for (const argument of command) bytes += argument.length
  return bytes
}
