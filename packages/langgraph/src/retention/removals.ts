/** The commits of this process that remove checkpoints and are under way: a put waits for the one of its thread. */
export class Removals {
  readonly #underWay = new Map<string, Promise<void>>()

  /** Resolves when none of the thread is under way any more; `undefined` when none is. */
  settled(threadId: string): Promise<void> | undefined {
    return this.#underWay.get(threadId)
  }

  /** `run` makes the commit, and remembers what it has changed. */
  async during<T>(threadId: string, run: () => Promise<T>): Promise<T> {
    const before = this.#underWay.get(threadId)
    const running = run()
    const ended = Promise.allSettled([before, running]).then(() => {
      if (this.#underWay.get(threadId) === ended) this.#underWay.delete(threadId)
    })
    this.#underWay.set(threadId, ended)
    return await running
  }
}
