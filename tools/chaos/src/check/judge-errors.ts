import { faults as all } from '../faults/index.js'
import type { LoggedError, TurnEntry } from '../log/entry.js'
import type { FaultRecord } from '../log/fault-record.js'

export interface ErrorCount {
  /** `code (disposition)`, or the class of what is no `StorageError`. */
  readonly what: string
  readonly count: number
}

export interface WrongError {
  readonly thread: string
  readonly at: number
  readonly reason: string
}

/** What applications saw, by kind. */
export function countErrors(turns: readonly TurnEntry[]): ErrorCount[] {
  const counts = new Map<string, number>()
  for (const { outcome } of turns) {
    if (!outcome.ok) counts.set(nameOf(outcome.error), (counts.get(nameOf(outcome.error)) ?? 0) + 1)
  }
  return [...counts].map(([what, count]) => ({ what, count })).sort((a, b) => b.count - a.count)
}

/** Errors that were no `StorageError`, or not of a code that a fault of that time explains. */
export function judgeErrors(turns: readonly TurnEntry[], faults: readonly FaultRecord[]): WrongError[] {
  return turns.flatMap(({ thread, at, startedAt, outcome }) => {
    if (outcome.ok) return []
    const { error } = outcome
    const found = (reason: string): WrongError[] => [
      { thread, at, reason: `${nameOf(error)}: ${error.message} (${reason})` },
    ]
    const { code } = error
    if (code === undefined) return found('no StorageError')
    const around = faults.filter((fault) => fault.startedAt <= at && startedAt <= fault.backAt)
    if (around.some(({ kind }) => all[kind].rightCodes.includes(code))) return []
    return found(
      around.length === 0 ? 'no fault was on' : `under ${around.map(({ kind }) => kind).join(', ')}`,
    )
  })
}

function nameOf({ name, code, disposition }: LoggedError): string {
  return code === undefined ? name : `${code} (${disposition ?? 'unknown'})`
}
