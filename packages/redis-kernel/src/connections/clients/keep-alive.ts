import type { Channel } from '../sending/channel.js'

/** Asks for any answer. */
export async function ping(channel: Channel): Promise<void> {
  await channel.send([['PING']])[0]
}

/**
 * Sends a PING over each connection every few seconds, whatever else is sent. A network that forgets idle connections
 * keeps these; and one that is dead all the same is found by what watches the answers, before somebody needs it. It keeps
 * no process alive.
 */
export class KeepAlive {
  readonly #everyMs: number
  readonly #channels: () => readonly Channel[]
  readonly #ask: (channel: Channel) => Promise<void>
  readonly #unanswered = new WeakSet<object>()
  #timer: NodeJS.Timeout | undefined

  /** `channels`: those that stand now; `ask`: sends the PING, and may watch for the answer. @default only sends it */
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
      // One at a time: what is written to a dead connection stays in this process.
      if (this.#unanswered.has(connection)) continue
      this.#unanswered.add(connection)
      const answered = (): boolean => this.#unanswered.delete(connection)
      // An error of the server is an answer, too, and of a connection that is lost its client tells.
      this.#ask(channel).then(answered, answered)
    }
  }
}
