import { type FindingType, type Blemish, type Finding, type Lost, findingTypes } from '../check/findings.js'
import { type ErrorCount, type WrongError, countErrors, judgeErrors } from '../check/judge-errors.js'
import { type JudgedLoss, judgeLosses } from '../check/judge-losses.js'
import { outages } from '../check/outages.js'
import { type FaultKind, faultKinds } from '../faults/index.js'
import type { LogEntry, TurnEntry } from '../log/entry.js'
import type { FaultRecord } from '../log/fault-record.js'
import type { CellPlan } from '../run/plan.js'
import type { ClientName } from '../settings.js'
import type { Healed } from '../writer/protocol.js'

export interface CellEvidence {
  readonly plan: CellPlan
  readonly seconds: number
  readonly faults: readonly FaultRecord[]
  readonly logs: readonly { readonly client: ClientName; readonly entries: readonly LogEntry[] }[]
  readonly findings: readonly Finding[]
  /** What savers stored again. */
  readonly healed: Healed
  /** What broke the run besides. */
  readonly problems: readonly string[]
  /** What processes of writers said on their error output. */
  readonly warnings: readonly string[]
  /** Where the logs are. */
  readonly directory: string
}

export interface ClientReport {
  readonly client: ClientName
  /** In milliseconds. */
  readonly longestOutageMs: number
  readonly outageMsByFault: Readonly<Partial<Record<FaultKind, number>>>
  /** The longest pause that no fault explains. */
  readonly quietMs: number
  /** What the application saw. */
  readonly errors: readonly ErrorCount[]
}

export interface FaultReport {
  readonly kind: FaultKind
  readonly times: number
  /** Losses that Redis may inflict under what was asked for. */
  readonly lost: number
  /** Of these, in threads that went on afterwards. */
  readonly lostThoughWentOn: number
  readonly mayLose: boolean
}

/** What came of one topology, as plain JSON. */
export interface CellReport {
  readonly plan: CellPlan
  readonly seconds: number
  readonly threads: number
  readonly turns: number
  readonly operations: number
  readonly acknowledgedCheckpoints: number
  readonly acknowledgedWrites: number
  readonly refused: number
  /** What savers stored again because the storage had lost it. */
  readonly healed: Healed
  readonly faults: readonly FaultReport[]
  readonly injected: readonly FaultRecord[]
  readonly clients: readonly ClientReport[]
  readonly found: Readonly<Record<FindingType, number>>
  /** Everything that was lost, with what Redis may lose. */
  readonly losses: readonly JudgedLoss[]
  /** Every promise that did not hold, in a line each. Empty for a run that held. */
  readonly broken: readonly string[]
  readonly warnings: readonly string[]
  readonly directory: string
}

export function reportOf(evidence: CellEvidence): CellReport {
  const { plan, seconds, faults, logs, findings, healed, problems, warnings, directory } = evidence
  const entries = logs.flatMap((log) => log.entries)
  const turns = entries.filter((entry) => entry.type === 'turn')
  const losses = judgeLosses(findings.filter(isLost), faults, entries)
  const blemishes = findings.filter((finding): finding is Blemish => finding.type !== 'lost')
  const operations = entries.filter((entry) => entry.type !== 'turn')
  return {
    plan,
    seconds,
    threads: new Set(entries.map(({ thread }) => thread)).size,
    turns: turns.filter(({ action }) => action === 'invoke').length,
    operations: operations.length,
    acknowledgedCheckpoints: entries.filter(({ type, outcome }) => type === 'put' && outcome.ok).length,
    acknowledgedWrites: entries.reduce((sum, entry) => sum + acknowledgedWrites(entry), 0),
    refused: operations.filter(({ outcome }) => !outcome.ok).length,
    healed,
    faults: faultReports(faults, losses),
    injected: faults,
    clients: clientReports(logs, faults),
    found: counted(findings),
    losses,
    broken: [
      ...problems,
      ...losses.filter(({ to }) => to === undefined).map((loss) => lossLine(loss, faults)),
      ...blemishes.map(({ type, thread, place, detail }) => `${type}: thread ${thread}, ${place}: ${detail}`),
      ...judgeErrors(turns, faults).map((error) => wrongErrorLine(error, faults)),
    ],
    warnings,
    directory,
  }
}

function clientReports(logs: CellEvidence['logs'], faults: readonly FaultRecord[]): ClientReport[] {
  return [...new Set(logs.map(({ client }) => client))].map((client) => {
    const own = logs.filter((log) => log.client === client).flatMap((log) => log.entries)
    const { byKind, quietMs, longestMs } = outages(own, faults)
    const turns = own.filter((entry): entry is TurnEntry => entry.type === 'turn')
    return {
      client,
      longestOutageMs: longestMs,
      outageMsByFault: Object.fromEntries(byKind),
      quietMs,
      errors: countErrors(turns),
    }
  })
}

function faultReports(faults: readonly FaultRecord[], losses: readonly JudgedLoss[]): FaultReport[] {
  return faultKinds.flatMap((kind) => {
    const records = faults.filter((fault) => fault.kind === kind)
    if (records.length === 0) return []
    const lost = losses.filter(({ to }) => to === kind)
    return {
      kind,
      times: records.length,
      lost: lost.length,
      lostThoughWentOn: lost.filter(({ wentOn }) => wentOn).length,
      mayLose: records.some(({ mayLose }) => mayLose),
    }
  })
}

function acknowledgedWrites(entry: LogEntry): number {
  return entry.type === 'writes' && entry.outcome.ok ? entry.writes.length : 0
}

function counted(findings: readonly Finding[]): Record<FindingType, number> {
  const counts = findingTypes.map((type) => [type, findings.filter((one) => one.type === type).length])
  return Object.fromEntries(counts) as Record<FindingType, number>
}

function isLost(finding: Finding): finding is Lost {
  return finding.type === 'lost'
}

function lossLine({ what, thread, place, at }: JudgedLoss, faults: readonly FaultRecord[]): string {
  return `lost: ${what} of thread ${thread}, ${place}, acknowledged ${whenOf(at, faults)}`
}

function wrongErrorLine({ thread, at, reason }: WrongError, faults: readonly FaultRecord[]): string {
  return `error: thread ${thread}, ${whenOf(at, faults)}: ${reason}`
}

/** Where a moment stands among the faults. */
function whenOf(at: number, faults: readonly FaultRecord[]): string {
  const index = faults.findIndex(({ backAt }) => at <= backAt)
  const fault = faults[index]
  if (fault === undefined) return 'after the last fault'
  const ms = Math.round(at - fault.startedAt)
  const side = ms < 0 ? `${-ms} ms before` : `${ms} ms into`
  return `${side} fault ${index + 1} (${fault.kind} of ${fault.target})`
}
