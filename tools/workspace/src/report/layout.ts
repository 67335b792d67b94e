import { textTable } from '@cairnkit/tool-kit'
import { distinct } from './distinct.js'
import { longest } from './longest.js'
import { cellOf, projectLabel, secondsOf } from './records.js'
import type { RunRecord } from './records.js'
import { type SkipDetail, leftOut, skips } from './skips.js'
import type { Tally, Verdict } from './verdict.js'

const maxWidth = 180

export interface SummaryOptions {
  readonly detail: SkipDetail
  /** Whether the suites that took longest are named. @default false */
  readonly times?: boolean
  /** How long the run took. @default not told */
  readonly seconds?: number
}

/** The closing summary; its last line is `N passed, N failed`, with `, N skipped` when there are skips. */
export function summary(
  run: RunRecord,
  verdict: Verdict,
  { detail, times = false, seconds }: SummaryOptions,
): string {
  const cells = run.projects.filter((project) => cellOf(project) !== undefined)
  // A run of some paths has nothing to say of the other packages.
  const packages = run.projects.filter(
    (project) => cellOf(project) === undefined && (verdict.suites.get(project)?.size ?? 0) > 0,
  )
  const blocks = [
    cells.length > 0 ? matrix(cells, run, verdict) : '',
    leftOut(run),
    skips(run, detail),
    packages.length > 0 ? packageTable(packages, run, verdict) : '',
    times ? longest(run) : '',
    verdict.problems.length > 0 ? ['Problems', ...verdict.problems.map((p) => `  ${p}`)].join('\n') : '',
    [distinct(run, cells.length), ...(seconds === undefined ? [] : [`${seconds} s`])].join('; '),
    closingLine(verdict),
  ]
  return blocks.filter((block) => block !== '').join('\n\n')
}

/** The line that scripts read. */
export function closingLine(tally: Readonly<Tally>): string {
  const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : ''
  return `${tally.passed} passed, ${tally.failed} failed${skipped}`
}

function matrix(cells: readonly string[], run: RunRecord, verdict: Verdict): string {
  const suites = [...new Set(cells.flatMap((cell) => [...(verdict.suites.get(cell)?.keys() ?? [])]))].sort()
  const table = (columns: readonly string[]): string =>
    textTable(
      ['driver', 'topology', ...columns, ...totalsHead],
      cells.map((cell) => [
        ...splitCell(cell),
        ...columns.map((suite) => suiteText(run, verdict, cell, suite)),
        ...totals(cell, run, verdict),
      ]),
      2,
    )
  const wide = table(suites)
  return wide.split('\n').some((line) => line.length > maxWidth) ? table([]) : wide
}

function packageTable(packages: readonly string[], run: RunRecord, verdict: Verdict): string {
  const rows = packages
    .map((project) => [projectLabel(project), ...totals(project, run, verdict)])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
  return textTable(['package', ...totalsHead], rows)
}

const totalsHead = ['tests', 'passed', 'failed', 'skipped', 'seconds']

function totals(project: string, run: RunRecord, verdict: Verdict): string[] {
  const { passed, failed, skipped } = verdict.tallies.get(project) ?? { passed: 0, failed: 0, skipped: 0 }
  return [`${passed + failed + skipped}`, `${passed}`, `${failed}`, `${skipped}`, secondsOf(run, project)]
}

function suiteText(run: RunRecord, verdict: Verdict, cell: string, suite: string): string {
  const tally = verdict.suites.get(cell)?.get(suite)
  if (tally === undefined) return run.leftOut[cell]?.[suite] === undefined ? '-' : '~'
  const size = tally.passed + tally.failed + tally.skipped
  return tally.passed === size ? `${size}` : `${tally.passed}/${size}`
}

function splitCell(project: string): [string, string] {
  const [driver = '', ...topology] = (cellOf(project) ?? project).split(' | ')
  return [driver, topology.length > 0 ? topology.join(' | ') : '-']
}
