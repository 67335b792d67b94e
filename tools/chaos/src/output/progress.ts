import { type Output, StatusLine } from '@cairnkit/tool-kit'

/** Where a run stands: lines that stay, and on a terminal one that is written over. */
export class Progress implements Disposable {
  readonly #begin = performance.now()
  readonly #line: StatusLine
  #status: () => string = () => ''

  constructor(out: Output) {
    this.#line = new StatusLine(out, 250, () => `${this.#clock()} ${this.#status()}`)
  }

  /** What the moving line says from now on. */
  show(status: () => string): void {
    this.#status = status
    this.#line.draw()
  }

  /** A line that stays, with the time it was said. */
  say(message: string): void {
    this.#line.say(`${this.#clock()} ${message}`)
    this.#line.draw()
  }

  [Symbol.dispose](): void {
    this.#line[Symbol.dispose]()
  }

  #clock(): string {
    const seconds = Math.floor((performance.now() - this.#begin) / 1000)
    return `[${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}]`
  }
}
