import { type Output, StatusLine, bar } from '@cairnkit/tool-kit'

/** Where a run stands: one line that is written over on a terminal, a line per step elsewhere. */
export class Progress implements Disposable {
  readonly #total: number
  readonly #out: Output
  readonly #begin = performance.now()
  readonly #line: StatusLine
  #begun = 0
  #what = ''

  constructor(total: number, out: Output) {
    this.#total = total
    this.#out = out
    // Rarely: drawing is work, and the machine is being measured.
    this.#line = new StatusLine(out, 1000, () => this.#status())
  }

  step(what: string): void {
    this.#begun += 1
    this.#what = what
    if (this.#line.moves) this.#line.draw()
    else this.#out.write(`[${this.#begun}/${this.#total}] ${what}\n`)
  }

  /** A line that stays. */
  say(message: string): void {
    this.#line.say(`bench: ${message}`)
  }

  [Symbol.dispose](): void {
    this.#line[Symbol.dispose]()
  }

  #status(): string {
    const elapsed = (performance.now() - this.#begin) / 1000
    const done = Math.max(0, this.#begun - 1)
    const left = done < 3 ? '' : `, about ${duration((elapsed / done) * (this.#total - done))} left`
    const share = done / Math.max(1, this.#total)
    return `${bar(share)} ${this.#begun}/${this.#total} ${this.#what} (${duration(elapsed)}${left})`
  }
}

function duration(seconds: number): string {
  return seconds < 90 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(1)} min`
}
