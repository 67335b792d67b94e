import type { FaultKind } from '../faults/index.js'
import type { LogEntry } from '../log/entry.js'
import type { FaultRecord } from '../log/fault-record.js'

export interface Outages {
  /** The longest gap, in milliseconds, between two acknowledgements of one writer around a fault of the kind. */
  readonly byKind: ReadonlyMap<FaultKind, number>
  /** The longest gap that no fault overlaps. */
  readonly quietMs: number
  readonly longestMs: number
}

/** Writers pause for a moment between turns at most, so a gap between two acknowledgements is an outage. */
export function outages(entries: readonly LogEntry[], faults: readonly FaultRecord[]): Outages {
  const byKind = new Map<FaultKind, number>()
  let quietMs = 0
  let longestMs = 0
  for (const times of acknowledgements(entries).values()) {
    let before: number | undefined
    for (const at of times.sort((a, b) => a - b)) {
      if (before !== undefined) {
        const gap = at - before
        const start = before
        longestMs = Math.max(longestMs, gap)
        const kind = cause(start, at, faults)
        if (kind === undefined) quietMs = Math.max(quietMs, gap)
        else byKind.set(kind, Math.max(gap, byKind.get(kind) ?? 0))
      }
      before = at
    }
  }
  return { byKind, quietMs, longestMs }
}

/** The fault that took up most of the gap. */
function cause(start: number, end: number, faults: readonly FaultRecord[]): FaultKind | undefined {
  let most = 0
  let kind: FaultKind | undefined
  for (const fault of faults) {
    const shared = Math.min(end, fault.backAt) - Math.max(start, fault.startedAt)
    if (shared > most) [most, kind] = [shared, fault.kind]
  }
  return kind
}

/** By writer, which is the name of a thread without its number. */
function acknowledgements(entries: readonly LogEntry[]): ReadonlyMap<string, number[]> {
  const byWriter = new Map<string, number[]>()
  for (const { type, thread, at, outcome } of entries) {
    if (type === 'turn' || !outcome.ok) continue
    const writer = thread.slice(0, thread.lastIndexOf('-'))
    const times = byWriter.get(writer) ?? []
    byWriter.set(writer, times)
    times.push(at)
  }
  return byWriter
}
