/** A stream that may be a terminal. */
export interface Output {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Lines that stay, and below them on a terminal one that is written over. */
export class StatusLine implements Disposable {
  readonly #out: Output
  readonly #text: () => string
  readonly #ticker: NodeJS.Timeout | undefined

  /** @param text What the line says now; asked whenever it is drawn, every `everyMs` and on `draw`. */
  constructor(out: Output, everyMs: number, text: () => string) {
    this.#out = out
    this.#text = text
    if (this.moves) this.#ticker = setInterval(() => this.draw(), everyMs).unref()
  }

  /** Whether there is a line that is written over. */
  get moves(): boolean {
    return this.#out.isTTY === true
  }

  draw(): void {
    if (!this.moves) return
    this.#clear()
    this.#out.write(this.#text().slice(0, (this.#out.columns ?? 80) - 1))
  }

  /** A line that stays. */
  say(line: string): void {
    this.#clear()
    this.#out.write(`${line}\n`)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#ticker)
    this.#clear()
  }

  #clear(): void {
    if (this.moves) this.#out.write('\r\u001b[K')
  }
}
