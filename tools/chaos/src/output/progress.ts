/** A stream that may be a terminal. */
export interface Output {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Where a run stands: lines that stay, and on a terminal one that is written over. */
export class Progress implements Disposable {
  readonly #out: Output
  readonly #begin = performance.now()
  readonly #ticker: NodeJS.Timeout | undefined
  #status: () => string = () => ''

  constructor(out: Output) {
    this.#out = out
    if (out.isTTY === true) this.#ticker = setInterval(() => this.#draw(), 250).unref()
  }

  /** What the moving line says from now on. */
  show(status: () => string): void {
    this.#status = status
    this.#draw()
  }

  /** A line that stays, with the time it was said. */
  say(message: string): void {
    this.#clear()
    this.#out.write(`${this.#clock()} ${message}\n`)
    this.#draw()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#ticker)
    this.#clear()
  }

  #draw(): void {
    if (this.#out.isTTY !== true) return
    this.#clear()
    this.#out.write(`${this.#clock()} ${this.#status()}`.slice(0, (this.#out.columns ?? 80) - 1))
  }

  #clear(): void {
    if (this.#out.isTTY === true) this.#out.write('\r\u001b[K')
  }

  #clock(): string {
    const seconds = Math.floor((performance.now() - this.#begin) / 1000)
    return `[${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}]`
  }
}

/** Of 1, how much is done. */
export function bar(share: number): string {
  const filled = Math.round(20 * Math.min(1, Math.max(0, share)))
  return `[${'#'.repeat(filled)}${'.'.repeat(20 - filled)}]`
}
