import { DriverFault, processTime } from '@cairnkit/core/driver'
import type { RedisCommand, RedisReply, WaitOutcome, WaitedReply } from '../../redis-transport.js'
import type { Channel } from './channel.js'
import { notSent } from '../failures/socket-errors.js'

interface Held {
  readonly channel: Channel
  readonly command: RedisCommand
  readonly wait: RedisCommand
  /** The process time after which nobody waits for it. It must not be sent later than that. */
  readonly expiresAt: number
  readonly resolve: (reply: WaitedReply) => void
  readonly reject: (cause: unknown) => void
}

/**
 * Sends commands with a WAIT behind them. A server answers nothing else on a connection while it waits. So commands that come
 * meanwhile are held back, and then sent in one tick with one WAIT for all. Otherwise, when replicas hang, each commit would wait
 * for the time limits of all commits before it.
 */
export class WaitingSends {
  readonly #groups = new WeakMap<object, Group>()

  /** Sends the command in this tick, unless the connection waits. Rejects as the command does. */
  send(channel: Channel, command: RedisCommand, wait: RedisCommand, expiresAt: number): Promise<WaitedReply> {
    let group = this.#groups.get(channel.connection)
    if (group === undefined) {
      group = new Group()
      this.#groups.set(channel.connection, group)
    }
    return group.add({ channel, command, wait, expiresAt })
  }
}

/** The commands on one connection. */
class Group {
  #held: Held[] = []
  #isBusy = false

  add(asked: Omit<Held, 'resolve' | 'reject'>): Promise<WaitedReply> {
    return new Promise((resolve, reject) => {
      this.#held.push({ ...asked, resolve, reject })
      if (this.#isBusy) return
      this.#isBusy = true
      // At the end of the tick, so that all commands of the tick are sent together.
      queueMicrotask(() => this.#flush())
    })
  }

  #flush(): void {
    const now = processTime.now()
    const [expired, live] = partition(this.#held, ({ expiresAt }) => expiresAt <= now)
    for (const { reject } of expired) {
      reject(new DriverFault(notSent, 'it waited for its turn behind others that waited for replicas'))
    }
    const [first] = live
    const [together, rest] = partition(live, ({ wait }) => first !== undefined && areEqual(wait, first.wait))
    this.#held = rest
    this.#isBusy = first !== undefined
    if (first === undefined) return
    const replies = first.channel.send([...together.map(({ command }) => command), first.wait])
    const waited = outcomeOf(replies.at(-1))
    together.forEach(({ resolve, reject }, at) => {
      Promise.resolve(replies[at]).then((reply) => resolve({ reply: reply ?? null, waited }), reject)
    })
    void waited.then(() => this.#flush())
  }
}

/** Never rejects. */
export function outcomeOf(waiting: Promise<RedisReply> | undefined): Promise<WaitOutcome> {
  return Promise.resolve(waiting).then(
    (reply) => ({ ok: true, reply: reply ?? null }),
    (cause: unknown) => ({ ok: false, cause }),
  )
}

function areEqual(left: RedisCommand, right: RedisCommand): boolean {
  return left.length === right.length && left.every((argument, at) => argument === right[at])
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))]
}
