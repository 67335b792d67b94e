import { tellObserver } from '@cairnkit/core'
import type { BackgroundFailure, BackgroundObserver } from './background-event.js'

/**
 * Work for which no call waits. It never fails a call: the observer is told of a failure, and what was not done is done by the
 * next work of the same kind.
 */
export class BackgroundWork {
  readonly #observer: BackgroundObserver | undefined
  readonly #running = new Set<Promise<void>>()

  constructor(observer: BackgroundObserver | undefined) {
    this.#observer = observer
  }

  /** Begins in this tick. */
  start(work: BackgroundFailure['work'], threadId: string, run: () => Promise<void>): void {
    const running = this.#run(work, threadId, run).finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  /** Resolves when nothing is under way any more, also of what begins meanwhile. Never rejects. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  async #run(work: BackgroundFailure['work'], threadId: string, run: () => Promise<void>): Promise<void> {
    try {
      await run()
    } catch (error) {
      tellObserver('saver', () => this.#observer?.onBackgroundFailure?.({ work, threadId, error }))
    }
  }
}
