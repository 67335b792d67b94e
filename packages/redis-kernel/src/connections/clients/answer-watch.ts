import {
  DriverFault,
  type ProcessTime,
  type Waiter,
  processTime,
  showBytes,
  standstillSince,
} from '@cairnkit/core/driver'
import type { Progress, RedisCommand } from '../../redis-transport.js'
import { noAnswer } from '../failures/socket-errors.js'
import type { Traffic } from './traffic.js'

/**
 * A large command has the time on top in which such a link carries it, in bytes a millisecond: what is in the buffers of the
 * machines on the way is not seen to move.
 */
const SLOWEST_LINK = 256

/** How long a connection that was found silent is taken for silent, in milliseconds, if nothing is heard on it. */
const MAX_REST_MS = 60_000

/** In how many parts the limit is looked at: bytes that came count from the end of the part in which they did. */
const LOOKS = 10

const ADVICE =
  'Check the load of the server and the network, or let the server be silent for longer with commandTimeoutMs of the driver.'

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
  readonly sentAt: number
  /** What had come by then, if that can be seen. */
  readonly receivedBefore: number | undefined
}

/** What is known of the bytes on a connection; `undefined` where a client does not show them. */
export type TrafficOf = (connection: object) => Traffic | undefined

/**
 * Sees to it that connections that owe answers give some. A connection is silent when it has owed an answer for the whole
 * limit, none came, and no byte moved; then all that it owes fails, and is not listened to any more. While answers come,
 * the last of a thousand commands may wait for as long as its call has time, and so may an answer that comes byte by byte.
 *
 * It counts the time in which this process runs, so no client's own limit is used: those fire after a standstill before
 * what arrived meanwhile was read, and begin anew with each command that is written.
 */
export class AnswerWatch {
  readonly #limitMs: number
  readonly #silent: (silent: Sent) => void
  readonly #trafficOf: TrafficOf
  readonly #time: ProcessTime
  readonly #ledgers = new WeakMap<object, Ledger>()

  /** `silent` is told the command that has waited the longest. */
  constructor(
    limitMs: number,
    silent: (silent: Sent) => void,
    trafficOf: TrafficOf,
    time: ProcessTime = processTime,
  ) {
    this.#limitMs = limitMs
    this.#silent = silent
    this.#trafficOf = trafficOf
    this.#time = time
  }

  /** Settles as `answer` does, or fails when the connection is silent: it may be applied then. */
  watch<T>(sent: Sent, answer: Promise<T>): Promise<T> {
    let ledger = this.#ledgers.get(sent.connection)
    if (ledger === undefined) {
      ledger = new Ledger(this.#limitMs, this.#silent, this.#trafficOf(sent.connection), this.#time)
      this.#ledgers.set(sent.connection, ledger)
    }
    return ledger.add(sent, answer)
  }

  /** Whether nothing is to be sent there: it was found silent, and nothing was heard since. */
  isSilent(connection: object): boolean {
    return this.#ledgers.get(connection)?.isSilent === true
  }

  /** How far it is with the oldest command for `key` that is owed an answer there. */
  progress(connection: object, key: Uint8Array): Progress | undefined {
    return this.#ledgers.get(connection)?.progress(key)
  }
}

/** What one connection owes. */
class Ledger implements Waiter {
  dueAt = 0
  readonly #limitMs: number
  readonly #silent: (silent: Sent) => void
  readonly #traffic: Traffic | undefined
  readonly #time: ProcessTime
  readonly #owed = new Set<Owed>()
  #bytes = 0
  /** Since when it owes an answer, or when it gave the last sign of life. */
  #heardAt = 0
  /** What had moved at the last look; `undefined`: it was not looked at since it owes something. */
  #seen: Traffic | undefined
  #isWaiting = false
  #standstill = (): string => ''
  #restsUntil = Number.NEGATIVE_INFINITY

  constructor(
    limitMs: number,
    silent: (silent: Sent) => void,
    traffic: Traffic | undefined,
    time: ProcessTime,
  ) {
    this.#limitMs = limitMs
    this.#silent = silent
    this.#traffic = traffic
    this.#time = time
  }

  get isSilent(): boolean {
    return this.#time.now() < this.#restsUntil
  }

  add<T>(sent: Sent, answer: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const owed: Owed = {
        ...sent,
        fail: reject,
        sentAt: this.#time.now(),
        receivedBefore: this.#traffic?.receivedBytes,
      }
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
    if (this.#owed.size === 0) {
      this.#heardAt = owed.sentAt
      this.#seen = undefined
    }
    this.#owed.add(owed)
    this.#bytes += owed.bytes
    // Left waiting when nothing is owed any more: the next command comes soon.
    if (this.#isWaiting) return
    this.#isWaiting = true
    this.#standstill = standstillSince(this.#time)
    this.dueAt = this.#nextLookAt
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

  get #nextLookAt(): number {
    if (this.#traffic === undefined) return this.#silentAt
    return Math.min(this.#silentAt, this.#time.now() + this.#limitMs / LOOKS)
  }

  /** Bytes that move are a sign of life: a large answer is on its way, or a large command. */
  #look({ receivedBefore }: Owed): void {
    const traffic = this.#traffic
    if (traffic === undefined) return
    const { receivedBytes, sentBytes, isFull } = traffic
    const seen = this.#seen
    this.#seen = { receivedBytes, sentBytes, isFull }
    const hasCome = receivedBytes !== (seen?.receivedBytes ?? receivedBefore)
    // What this machine has room for leaves at once, whoever is at the other end. What had to wait has left because
    // somebody took what was before it.
    const hasLeft = seen?.isFull === true && sentBytes !== seen.sentBytes
    if (hasCome || hasLeft) this.#heardAt = this.#time.now()
  }

  progress(key: Uint8Array): Progress | undefined {
    let ahead = 0
    for (const owed of this.#owed) {
      if (Buffer.compare(owed.key, key) === 0) {
        return {
          waitedMs: this.#time.now() - owed.sentAt,
          receivedBytes: this.#receivedSince(owed),
          ahead,
        }
      }
      ahead++
    }
    return undefined
  }

  #receivedSince({ receivedBefore }: Owed): number | undefined {
    if (receivedBefore === undefined || this.#traffic === undefined) return undefined
    // It is less on a connection that was made anew.
    return Math.max(0, this.#traffic.receivedBytes - receivedBefore)
  }

  due(): void {
    const [oldest] = this.#owed
    if (oldest !== undefined) this.#look(oldest)
    if (oldest !== undefined && this.#time.now() < this.#silentAt) {
      this.dueAt = this.#nextLookAt
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
    const reason = this.#reasonOf(oldest)
    this.#silent(oldest)
    for (const { fail } of all) fail(new DriverFault({ ...noAnswer, advice: ADVICE }, reason))
  }

  #reasonOf(oldest: Owed): string {
    const limit = `${this.#limitMs} ms${this.#standstill()}`
    const received = this.#receivedSince(oldest)
    if (received === undefined) return `the server did not answer within ${limit}`
    if (received === 0) return `the server did not answer within ${limit}, and nothing came on its connection`
    return `the server fell silent: ${showBytes(received)} had come on its connection, and then nothing for ${limit}`
  }
}

/** About how many bytes a command has on the wire. */
export function sizeOf(command: RedisCommand): number {
  let bytes = 0
  for (const argument of command) bytes += argument.length
  return bytes
}
