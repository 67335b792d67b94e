import { textTable } from '@cairnkit/tool-kit'
import { cellOf, nameInAnyCell, projectLabel } from './records.js'
import type { RunRecord } from './records.js'
import type { Tally, Verdict } from './verdict.js'

const maxWidth = 180

/** The closing summary; its last line is `N passed, N failed`, with `, N skipped` when there are skips. */
export function summary(run: RunRecord, verdict: Verdict): string {
  const cells = run.projects.filter((project) => cellOf(project) !== undefined)
  const packages = run.projects.filter((project) => cellOf(project) === undefined)
  const blocks = [
    cells.length > 0 ? matrix(cells, run, verdict) : '',
    skips(run),
    packages.length > 0 ? packageTable(packages, run, verdict) : '',
    verdict.problems.length > 0 ? ['Problems', ...verdict.problems.map((p) => `  ${p}`)].join('\n') : '',
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
        ...columns.map((suite) => suiteCount(verdict.suites.get(cell)?.get(suite))),
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
  const seconds = ((run.durationsMs[project] ?? 0) / 1000).toFixed(1)
  return [`${passed + failed + skipped}`, `${passed}`, `${failed}`, `${skipped}`, seconds]
}

function suiteCount(tally: Tally | undefined): string {
  if (tally === undefined) return '-'
  const size = tally.passed + tally.failed + tally.skipped
  return tally.passed === size ? `${size}` : `${tally.passed}/${size}`
}

function splitCell(project: string): [string, string] {
  const [driver = '', ...topology] = (cellOf(project) ?? project).split(' | ')
  return [driver, topology.length > 0 ? topology.join(' | ') : '-']
}

/** Tests that were skipped for the same reason in several projects share a line. */
function skips(run: RunRecord): string {
  const projectsByLine = new Map<string, Set<string>>()
  for (const test of run.tests) {
    if (test.state !== 'skipped' || test.reason === undefined) continue
    const line = `  ${test.suite} > ${nameInAnyCell(test)}: ${test.reason}`
    const projects = projectsByLine.get(line) ?? new Set()
    projectsByLine.set(line, projects.add(projectLabel(test.project)))
  }
  if (projectsByLine.size === 0) return ''
  return [
    'Skipped',
    ...[...projectsByLine].map(([line, projects]) => `${line} (${[...projects].join('; ')})`),
  ].join('\n')
}
