import { setImmediate as nextTurn } from 'node:timers/promises'

interface Waiter {
  readonly key: string
  readonly proceed: () => void
  readonly fail: (reason: unknown) => void
}

/**
 * Lets those that wait proceed one after the other, in the order of their keys, each time that nothing else is going on.
 * So what they do comes at the same point of a program whatever the saver's speed is.
 */
export class Turns {
  readonly #isBusy: () => boolean
  readonly #waiters: Waiter[] = []
  #isServing = false

  /** @param isBusy Whether something is going on that will go on by itself. Throws when it never will. */
  constructor(isBusy: () => boolean) {
    this.#isBusy = isBusy
  }

  /** Whether somebody waits for a turn. */
  get areAwaited(): boolean {
    return this.#waiters.length > 0
  }

  /** Waits for its turn. Rejects with what `isBusy` throws. */
  async take(key: string): Promise<void> {
    const turn = new Promise<void>((proceed, fail) => this.#waiters.push({ key, proceed, fail }))
    if (!this.#isServing) void this.#serve()
    await turn
  }

  async #serve(): Promise<void> {
    this.#isServing = true
    try {
      while (this.#waiters.length > 0) {
        await calm(this.#isBusy)
        this.#waiters.sort((left, right) => (left.key < right.key ? -1 : 1))
        this.#waiters.shift()?.proceed()
      }
    } catch (error) {
      for (const { fail } of this.#waiters.splice(0)) fail(error)
    } finally {
      this.#isServing = false
    }
  }
}

/** What runs between two calls of a saver, or between a call and a node, are promises: a few turns are plenty. */
const CALM_TURNS = 4

/** Waits until nothing has been going on for a few turns of the event loop. */
export async function calm(isBusy: () => boolean): Promise<void> {
  for (let turns = 0; turns < CALM_TURNS; turns++) {
    await nextTurn()
    if (isBusy()) turns = -1
  }
}
