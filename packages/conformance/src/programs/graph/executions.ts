import type { FunctionNode } from '../plan/graph-plan.js'
import type { Stop } from '../plan/step.js'
import type { OpenCalls } from '../run/watched-saver.js'
import type { NodeConfig } from './node-body.js'
import { Turns, calm } from './turns.js'

/** One execution of a node, until it returns or throws. */
export interface Execution extends Disposable {
  /** How often the node has run for this thread, this time included. */
  readonly nth: number
  /**
   * Waits until nothing else is going on, for what must not come sooner or later as the saver is fast or slow. A failure
   * ends tasks that run beside it. And LangGraph calls a put after the one before it, and goes on meanwhile: what a node
   * changes in place would be in that checkpoint or not.
   */
  turn(): Promise<void>
  /** Does something that goes on by itself and tells of it: the nodes of a graph that a function calls. */
  aside<T>(work: () => Promise<T>): Promise<T>
  /** Says that it is about to throw: a retry policy that has attempts left calls it again after a pause. */
  fails(): void
}

/** A run that is to be broken off in the middle. */
export interface StopWatch {
  /** Resolves when the node of the stop is reached; it waits there until the run is cancelled. */
  readonly reached: Promise<void>
}

/** How long a retry policy waits before it calls a node again. */
export const RETRY_PAUSE_MS = 1

/** How often the nodes of one side ran, which are running, and where one is to be stopped. */
export class Executions {
  readonly #calls: OpenCalls
  readonly #counts = new Map<string, number>()
  /** Nodes at work, but for those that a stop holds. */
  #atWork = 0
  /** What ends the waiting for a retry, by the count of the node. */
  readonly #retries = new Map<string, Set<() => void>>()
  /** Nodes that have begun and not ended, at work or not. */
  #begun = 0
  readonly #turns = new Turns(() => this.#isBusy())
  readonly #held = new Set<() => void>()
  #abandoned: Error | undefined
  #stop: { readonly stop: Stop; left: number; isOver: boolean; readonly hold: () => void } | undefined

  constructor(calls: OpenCalls) {
    this.#calls = calls
  }

  /**
   * Waits until nothing is going on: no call of a saver, no node but those that are held, no pause before a retry. Those
   * that wait for a turn have theirs first, or it would be chance who comes first.
   */
  async quiet(): Promise<void> {
    await calm(() => this.#isBusy() || this.#turns.areAwaited)
  }

  /**
   * Waits until every node has ended: LangGraph does not wait for those that it cancels, and they are not to go on beside
   * the next step. Ends those that a stop still holds.
   */
  async over(): Promise<void> {
    this.release()
    this.#stop = undefined
    await calm(() => this.#isBusy() || this.#begun > 0)
  }

  /** Ends whoever waits until nothing is going on: what is going on never ends. */
  abandon(reason: Error): void {
    this.#abandoned = reason
    this.release()
  }

  #isBusy(): boolean {
    if (this.#abandoned !== undefined) throw this.#abandoned
    return this.#calls.areOpen || this.#atWork > 0
  }

  /** From now on the run is held where `stop` says. */
  watch(stop: Stop): StopWatch {
    let hold = (): void => {}
    const reached = new Promise<void>((resolve) => (hold = resolve))
    this.#stop = { stop, left: stop.nth, isOver: false, hold }
    return { reached }
  }

  /** @param seen Tells tasks of one node that run at once apart. */
  async enter(node: FunctionNode, config: NodeConfig, seen: string): Promise<Execution> {
    const counted = JSON.stringify([config.configurable?.['thread_id'], node.name])
    const nth = (this.#counts.get(counted) ?? 0) + 1
    this.#counts.set(counted, nth)
    const attempt = config.executionInfo?.nodeAttempt ?? 1
    // It was waited for since the attempt before failed.
    const [endRetry] = this.#retries.get(counted) ?? []
    if (attempt > 1) endRetry?.()
    await this.#holdIfAsked(node, config)
    this.#atWork += 1
    this.#begun += 1
    return {
      nth,
      turn: async () => await this.#aside(async () => await this.#turns.take(`${node.name} ${seen}`)),
      aside: async (work) => await this.#aside(work),
      fails: () => {
        if (attempt < node.attempts) this.#awaitRetry(counted, config.signal)
      },
      [Symbol.dispose]: () => {
        this.#atWork -= 1
        this.#begun -= 1
      },
    }
  }

  /** Until the node is called again, or never will be. */
  #awaitRetry(counted: string, signal: AbortSignal | undefined): void {
    const waiting = this.#retries.get(counted) ?? new Set<() => void>()
    this.#retries.set(counted, waiting)
    this.#atWork += 1
    const end = (): void => {
      if (waiting.delete(end)) this.#atWork -= 1
    }
    waiting.add(end)
    // A sibling that failed first has cancelled it: LangGraph does not call it again, and tells of nothing more.
    if (signal?.aborted === true) end()
    else signal?.addEventListener('abort', end, { once: true })
  }

  async #aside<T>(work: () => Promise<T>): Promise<T> {
    this.#atWork -= 1
    try {
      return await work()
    } finally {
      this.#atWork += 1
    }
  }

  /**
   * Ends the nodes that a stop holds, if cancelling the run has not: a graph that a function calls hears no signal. Those
   * that begin later end at once.
   */
  release(): void {
    if (this.#stop !== undefined) this.#stop.isOver = true
    for (const end of this.#held) end()
  }

  async #holdIfAsked({ name }: FunctionNode, { signal }: NodeConfig): Promise<void> {
    const watched = this.#stop
    if (watched === undefined || watched.stop.node !== name) return
    watched.left -= 1
    if (watched.left > 0) return
    if (watched.isOver) throw new Error(`${name} was broken off`)
    watched.hold()
    let end = (): void => {}
    const ended = new Promise<never>((_resolve, reject) => {
      end = () => reject(new Error(`${name} was broken off`))
    })
    this.#held.add(end)
    signal?.addEventListener('abort', end, { once: true })
    try {
      await ended
    } finally {
      this.#held.delete(end)
    }
  }
}
