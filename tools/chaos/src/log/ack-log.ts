import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { LogEntry } from './entry.js'

/** The log of one process, a line of JSON for each entry. */
export class AckLog {
  readonly #file: number

  constructor(path: string) {
    this.#file = openSync(path, 'a')
  }

  /** Handed to the kernel before this returns: a process that dies the next moment loses nothing that counts. */
  append(entry: LogEntry): void {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`)
  }

  close(): void {
    closeSync(this.#file)
  }
}

/** A last line that was cut short, because its process was killed over it, is no entry: nobody saw that call end. */
export function readLog(path: string): LogEntry[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  lines.pop()
  return lines.map((line) => JSON.parse(line) as LogEntry)
}
