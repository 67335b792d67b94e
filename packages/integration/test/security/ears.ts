/** Hears what the process says to people: its outputs, and its warnings. */
export class Ears {
  readonly #heard: string[] = []
  readonly #undo: (() => void)[] = []

  static open(): Ears {
    const ears = new Ears()
    for (const stream of [process.stdout, process.stderr]) {
      const write = stream.write.bind(stream)
      stream.write = ((chunk: string | Uint8Array, ...rest: never[]): boolean => {
        ears.#heard.push(Buffer.from(chunk as string).toString())
        return write(chunk, ...rest)
      }) as typeof stream.write
      ears.#undo.push(() => {
        stream.write = write
      })
    }
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      const say = console[method]
      console[method] = (...words: unknown[]): void => {
        ears.#heard.push(words.map(String).join(' '))
        say(...words)
      }
      ears.#undo.push(() => {
        console[method] = say
      })
    }
    const onWarning = (warning: Error): void => {
      ears.#heard.push(`${warning.name}: ${warning.message} ${warning.stack ?? ''}`)
    }
    process.on('warning', onWarning)
    ears.#undo.push(() => process.off('warning', onWarning))
    return ears
  }

  /** All that was heard. */
  close(): readonly string[] {
    for (const undo of this.#undo) undo()
    return this.#heard
  }
}
