/** How often it is looked at whether the process runs, and who has waited for long enough. */
const LOOK_MS = 50

/**
 * How much of the time between two looks counts at most. When they are further apart, the event loop stood still: a long
 * computation, a machine that is busy with others, a process that was stopped.
 */
const MOST_MS = 2 * LOOK_MS

/** Something that waits for a point in time. */
export interface Waiter {
  /** When to call `due`, by the process time. It may grow while the waiter waits. */
  readonly dueAt: number
  /** Called when the time has come, after all input that had arrived was read. Must remove the waiter or raise `dueAt`. */
  due(): void
}

/** The source of time and of regular calls. It is injected, so that tests need not stand still. */
export interface Metronome {
  /** Milliseconds, monotonic. */
  now(): number
  /** Calls `look` about every `ms`. Alone it does not keep the process alive. */
  every(ms: number, look: () => void): Beat
  /** Calls `work` once the input that has arrived was read. */
  afterInput(work: () => void): void
}

/** A regular call that {@link Metronome.every} has started. */
export interface Beat {
  /** Whether it keeps the process alive. */
  hold(keepsAlive: boolean): void
  stop(): void
}

/**
 * The time in which this process runs. A server that has answered must not count as silent because this process stood still
 * and did not read the answer. So every time limit on an answer is measured by this time, with one timer for all waiters.
 */
export class ProcessTime {
  readonly #metronome: Metronome
  readonly #waiters = new Set<Waiter>()
  /** The time that had counted at the last look, and when that was. */
  #counted: number
  #lookedAt: number
  #beat: Beat | undefined
  #holds = 0
  #nextDueAt = Number.POSITIVE_INFINITY
  #wasAsked = false
  #isJudging = false

  constructor(metronome: Metronome) {
    this.#metronome = metronome
    this.#lookedAt = metronome.now()
    this.#counted = this.#lookedAt
  }

  /** The process time in milliseconds, monotonic. While nothing waits, all time counts. */
  now(): number {
    const sinceMs = this.#metronome.now() - this.#lookedAt
    return this.#counted + (this.#beat === undefined ? sinceMs : Math.min(sinceMs, MOST_MS))
  }

  /** How long the process has stood still while something waited, in milliseconds. Only differences have a meaning. */
  stoodStillMs(): number {
    return this.#metronome.now() - this.now()
  }

  /** Calls `due` of `waiter` when its time has come. */
  add(waiter: Waiter): void {
    this.#waiters.add(waiter)
    this.#wasAsked = true
    if (waiter.dueAt < this.#nextDueAt) this.#nextDueAt = waiter.dueAt
    this.#run()
  }

  /** Removes a waiter. Returns whether it was waiting. */
  remove(waiter: Waiter): boolean {
    return this.#waiters.delete(waiter)
  }

  /** Keeps the time counting and the process alive until {@link release}. */
  hold(): void {
    this.#holds++
    this.#run()
    if (this.#holds === 1) this.#beat?.hold(true)
  }

  release(): void {
    this.#holds--
    if (this.#holds === 0) this.#beat?.hold(false)
  }

  #run(): void {
    if (this.#beat !== undefined) return
    const now = this.#metronome.now()
    this.#counted += now - this.#lookedAt
    this.#lookedAt = now
    this.#beat = this.#metronome.every(LOOK_MS, () => this.#look())
  }

  #look(): void {
    const now = this.#metronome.now()
    this.#counted += Math.min(now - this.#lookedAt, MOST_MS)
    this.#lookedAt = now
    if (this.#waiters.size === 0 && this.#holds === 0 && !this.#wasAsked) {
      this.#beat?.stop()
      this.#beat = undefined
      return
    }
    // Not stopped at once when nobody waits: the next call comes soon, and a timer costs more than a call of this.
    this.#wasAsked = false
    if (this.#counted < this.#nextDueAt || this.#isJudging) return
    this.#isJudging = true
    this.#metronome.afterInput(() => this.#judge())
  }

  #judge(): void {
    this.#isJudging = false
    this.#nextDueAt = Number.POSITIVE_INFINITY
    for (const waiter of this.#waiters) {
      if (waiter.dueAt <= this.#counted) waiter.due()
      if (this.#waiters.has(waiter)) this.#nextDueAt = Math.min(this.#nextDueAt, waiter.dueAt)
    }
  }
}

/** The process time of this process. */
export const processTime: ProcessTime = new ProcessTime({
  now: () => performance.now(),
  every: (ms, look) => {
    const timer = setInterval(look, ms).unref()
    return {
      hold: (keepsAlive) => void (keepsAlive ? timer.ref() : timer.unref()),
      stop: () => clearInterval(timer),
    }
  },
  // Timers come before input in a turn of the event loop, and this comes behind it.
  afterInput: (work) => void setImmediate(work),
})
