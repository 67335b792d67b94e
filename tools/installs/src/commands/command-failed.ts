/** How much of what a program said is worth a reader's time. */
const LINES = 12

/** A program that did not do what it was started for, with the end of what it said. */
export class CommandFailed extends Error {
  constructor(argv: readonly string[], what: string, output: string) {
    const said = output.trimEnd().split('\n').slice(-LINES)
    super([`${argv.join(' ')}: ${what}`, ...said].join('\n'))
  }
}
