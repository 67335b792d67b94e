/** A stream that may be a terminal. */
export interface Output {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Where a run stands: one line that is written over on a terminal, a line per step elsewhere. */
export class Progress implements Disposable {
  readonly #total: number
  readonly #out: Output
  readonly #begin = performance.now()
  readonly #ticker: NodeJS.Timeout | undefined
  #begun = 0
  #what = ''

  constructor(total: number, out: Output) {
    this.#total = total
    this.#out = out
    // Rarely: drawing is work, and the machine is being measured.
    if (out.isTTY === true) this.#ticker = setInterval(() => this.#draw(), 1000).unref()
  }

  step(what: string): void {
    this.#begun += 1
    this.#what = what
    if (this.#out.isTTY === true) this.#draw()
    else this.#out.write(`[${this.#begun}/${this.#total}] ${what}\n`)
  }

  /** A line that stays. */
  say(message: string): void {
    this.#clear()
    this.#out.write(`bench: ${message}\n`)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#ticker)
    this.#clear()
  }

  #draw(): void {
    const elapsed = (performance.now() - this.#begin) / 1000
    const done = Math.max(0, this.#begun - 1)
    const left = done < 3 ? '' : `, about ${duration((elapsed / done) * (this.#total - done))} left`
    const filled = Math.round((20 * done) / Math.max(1, this.#total))
    const bar = '#'.repeat(filled) + '.'.repeat(20 - filled)
    const line = `[${bar}] ${this.#begun}/${this.#total} ${this.#what} (${duration(elapsed)}${left})`
    this.#clear()
    this.#out.write(line.slice(0, (this.#out.columns ?? 80) - 1))
  }

  #clear(): void {
    if (this.#out.isTTY === true) this.#out.write('\r\u001b[K')
  }
}

function duration(seconds: number): string {
  return seconds < 90 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(1)} min`
}
