import { textTable } from '@cairnkit/tool-kit'
import { closingLine } from '../report/layout.js'
import { type RunRecord, cellOf, projectLabel, secondsOf } from '../report/records.js'
import { type Tally, type Verdict, judge } from '../report/verdict.js'

/** What came of one server. */
export type ServerOutcome =
  | {
      readonly kind: 'ran'
      readonly server: string
      readonly version: string
      readonly record: RunRecord
    }
  | {
      readonly kind: 'missing'
      readonly server: string
      readonly reason: string
      /** Whether the run is to fail for that. */
      readonly fails: boolean
    }

/** Passed, failed and skipped on all servers; a failure is also a server that had to be there. */
export function tally(outcomes: readonly ServerOutcome[]): Tally {
  const total: Tally = { passed: 0, failed: 0, skipped: 0 }
  for (const outcome of outcomes) {
    if (outcome.kind === 'missing') {
      total.failed += outcome.fails ? 1 : 0
      continue
    }
    const { passed, failed, skipped } = judge(outcome.record)
    total.passed += passed
    total.failed += failed
    total.skipped += skipped
  }
  return total
}

/** The matrix of servers, what went wrong, and the line that scripts read. */
export function serversReport(outcomes: readonly ServerOutcome[]): string {
  const problems = outcomes.flatMap(problemsOf)
  return [
    textTable(['server', 'version', 'cell', ...COUNTS], outcomes.flatMap(rowsOf), 3),
    ...(problems.length > 0 ? [['Problems', ...problems.map((line) => `  ${line}`)].join('\n')] : []),
    closingLine(tally(outcomes)),
  ].join('\n\n')
}

const COUNTS: readonly string[] = ['tests', 'passed', 'failed', 'skipped', 'seconds']

function rowsOf(outcome: ServerOutcome): string[][] {
  if (outcome.kind === 'missing') return [[outcome.server, 'missing', ...['', ...COUNTS].map(() => '-')]]
  const { server, version, record } = outcome
  const verdict = judge(record)
  return record.projects
    .filter((project) => (verdict.suites.get(project)?.size ?? 0) > 0)
    .map((project) => [server, version, nameOf(project), ...countsOf(project, record, verdict)])
}

function nameOf(project: string): string {
  return cellOf(project) ?? projectLabel(project)
}

function countsOf(project: string, record: RunRecord, verdict: Verdict): string[] {
  const { passed, failed, skipped } = verdict.tallies.get(project) ?? { passed: 0, failed: 0, skipped: 0 }
  const seconds = secondsOf(record, project)
  return [...[passed + failed + skipped, passed, failed, skipped].map(String), seconds]
}

function problemsOf(outcome: ServerOutcome): string[] {
  if (outcome.kind === 'missing') return [`${outcome.server} could not be had: ${outcome.reason}`]
  const { server, record } = outcome
  const failed = record.tests.filter(({ state }) => state === 'failed')
  return [
    ...failed.map(({ project, suite, name }) => `${nameOf(project)} > ${suite} > ${name}: failed`),
    ...judge(record).problems,
  ].map((line) => `${server}: ${line}`)
}
