import { setTimeout as sleep } from 'node:timers/promises'
import type { AckLog } from '../log/ack-log.js'
import { type Outcome, type TurnEntry, now } from '../log/entry.js'
import { pick, whole } from '../random.js'
import { type Conversation, correctionOf, inputOf } from './graph.js'
import { loggedError } from './logged-error.js'

/** Then a writer begins another thread: what is checked afterwards grows with the square of a thread's turns. */
const TURNS_PER_THREAD = { least: 12, most: 24 }
const FORK_PROBABILITY = 0.1
/** Between two turns a person thinks; without it the machine measures itself. */
const PAUSE_MS = { least: 20, most: 120 }
/** After an error: an application that repeats at once would only measure how fast it can fail. */
const PAUSE_AFTER_ERROR_MS = 50

/** Talks on one thread after the other until it is stopped. An error is logged, and the next turn tried. */
export class Writer {
  readonly #name: string
  readonly #graph: Conversation
  readonly #log: AckLog
  readonly #random: () => number
  #threads = 0
  thread = ''
  turns = 0

  constructor(name: string, graph: Conversation, log: AckLog, random: () => number) {
    this.#name = name
    this.#graph = graph
    this.#log = log
    this.#random = random
    this.#nextThread()
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const last = whole(this.#random, TURNS_PER_THREAD.least, TURNS_PER_THREAD.most)
      for (let turn = 1; turn <= last && !signal.aborted; turn++) await this.#turn(turn)
      this.#nextThread()
    }
  }

  async #turn(turn: number): Promise<void> {
    const config = this.#config(this.thread, turn)
    const durability = this.#random() < 0.25 ? 'sync' : 'async'
    if (turn > 3 && this.#random() < FORK_PROBABILITY) await this.#attempt('fork', () => this.#fork(turn))
    const spoken = await this.#attempt('invoke', async () => {
      await this.#graph.invoke(inputOf(this.thread, turn), { ...config, durability })
    })
    // What a run that failed left half done is finished first, or left behind: applications do either.
    if (!spoken && this.#random() < 0.5) {
      await this.#attempt('resume', async () => {
        const { next } = await this.#graph.getState(config)
        if (next.length > 0) await this.#graph.invoke(null, { ...config, durability })
      })
    }
    this.turns += 1
    await sleep(whole(this.#random, PAUSE_MS.least, PAUSE_MS.most))
  }

  /** Goes back to one of the last checkpoints and changes something there; what comes next goes on from that. */
  async #fork(turn: number): Promise<void> {
    const config = this.#config(this.thread, turn)
    const older = []
    for await (const state of this.#graph.getStateHistory(config, { limit: 12 })) older.push(state.config)
    // A server that came back empty leaves nothing to go back to.
    if (older.length === 0) return
    // A node that is still to run is none to speak for.
    await this.#graph.updateState(pick(this.#random, older), correctionOf(this.thread, turn), 'answer')
  }

  async #attempt(action: TurnEntry['action'], work: () => Promise<void>): Promise<boolean> {
    const { thread } = this
    const startedAt = now()
    let outcome: Outcome = { ok: true }
    try {
      await work()
    } catch (error) {
      outcome = { ok: false, error: loggedError(error) }
    }
    this.#log.append({ type: 'turn', action, thread, startedAt, at: now(), outcome })
    if (!outcome.ok) await sleep(PAUSE_AFTER_ERROR_MS)
    return outcome.ok
  }

  #config(thread: string, turn: number) {
    return { configurable: { thread_id: thread }, metadata: { turn } }
  }

  #nextThread(): void {
    this.#threads += 1
    this.thread = `${this.#name}-${this.#threads}`
  }
}
