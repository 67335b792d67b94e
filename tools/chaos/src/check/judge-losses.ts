import type { FaultKind } from '../faults/index.js'
import type { LogEntry } from '../log/entry.js'
import type { FaultRecord } from '../log/fault-record.js'
import type { Lost } from './findings.js'

/** Replication is behind by this at the most: what was acknowledged so long before a fault may be lost to it. */
const LAG_MS = 1000

export interface JudgedLoss extends Lost {
  /** The fault under which Redis may lose it; `undefined` breaks the run. */
  readonly to: FaultKind | undefined
  /** Whether the thread stored something after the last fault that may have taken it: then healing had its chance. */
  readonly wentOn: boolean
}

/** Tells losses that Redis may inflict under what was asked for from those that break a promise. */
export function judgeLosses(
  losses: readonly Lost[],
  faults: readonly FaultRecord[],
  entries: readonly LogEntry[],
): JudgedLoss[] {
  if (losses.length === 0) return []
  const lastPut = new Map<string, number>()
  for (const { type, thread, at, outcome } of entries) {
    if (type === 'put' && outcome.ok) lastPut.set(thread, Math.max(at, lastPut.get(thread) ?? 0))
  }
  return losses.map((loss) => {
    const suspects = faults.filter((one) => one.mayLose && mayHaveTaken(one, loss))
    const last = suspects.at(-1)
    const wentOn = last !== undefined && (lastPut.get(loss.thread) ?? 0) > last.healedAt
    return { ...loss, to: suspects[0]?.kind, wentOn }
  })
}

function mayHaveTaken(fault: FaultRecord, { at }: Lost): boolean {
  // A server without data takes everything with it, however old.
  const from = fault.kind === 'empty' ? 0 : fault.startedAt - LAG_MS
  return from <= at && at <= fault.backAt
}
