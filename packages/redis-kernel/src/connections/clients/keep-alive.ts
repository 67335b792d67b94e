import type { Channel } from '../sending/channel.js'

/** Sends a PING; any answer will do. */
export async function ping(channel: Channel): Promise<void> {
  await channel.send([['PING']])[0]
}

/**
 * Sends a PING on each connection every few seconds, whatever else is sent. So the network does not drop idle connections, and
 * a dead one is found by the watch on answers before a call needs it. It does not keep the process alive.
 */
export class KeepAlive {
  readonly #everyMs: number
  readonly #channels: () => readonly Channel[]
  readonly #ask: (channel: Channel) => Promise<void>
  readonly #unanswered = new WeakSet<object>()
  #timer: NodeJS.Timeout | undefined

  /** `channels` returns the open ones. `ask` sends the PING, and may watch for the answer. @default only sends it */
  constructor(
    everyMs: number,
    channels: () => readonly Channel[],
    ask: (channel: Channel) => Promise<void> = ping,
  ) {
    this.#everyMs = everyMs
    this.#channels = channels
    this.#ask = ask
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#pingAll(), this.#everyMs).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #pingAll(): void {
    for (const channel of this.#channels()) {
      const { connection } = channel
      // One at a time: what is written to a dead connection stays in the memory of this process.
      if (this.#unanswered.has(connection)) continue
      this.#unanswered.add(connection)
      const answered = (): boolean => this.#unanswered.delete(connection)
      // An error reply is an answer, too. The client itself reports a lost connection.
      this.#ask(channel).then(answered, answered)
    }
  }
}
