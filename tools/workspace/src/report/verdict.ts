import { cellOf, isBareSkip, nameInAnyCell, projectLabel } from './records.js'
import type { RunRecord, TestRecord } from './records.js'

/** Counts of one project, or of one suite in it. */
export interface Tally {
  passed: number
  failed: number
  skipped: number
}

/** What the run amounts to. `failed` counts failed tests and every problem, so it is 0 only for a sound run. */
export interface Verdict extends Readonly<Tally> {
  readonly problems: readonly string[]
  readonly tallies: ReadonlyMap<string, Tally>
  readonly suites: ReadonlyMap<string, ReadonlyMap<string, Tally>>
}

/** Judges a run. */
export function judge(run: RunRecord): Verdict {
  const tests = run.filtered ? run.tests.filter((test) => !isBareSkip(test)) : run.tests
  const tallies = new Map(run.projects.map((project) => [project, emptyTally()]))
  const suites = new Map(run.projects.map((project) => [project, new Map<string, Tally>()]))
  for (const test of tests) {
    count(entry(tallies, test.project, emptyTally), test)
    count(entry(entry(suites, test.project, newSuites), test.suite, emptyTally), test)
  }
  const mismatches = run.filtered ? [] : cellMismatches(run, suites)
  const nothing = run.tests.length === 0 && run.faults.length === 0 ? ['not a single test ran'] : []
  const problems = [
    ...run.faults.map((fault) => `${fault.where}: ${fault.message}`),
    ...tests
      .filter(isBareSkip)
      .map((test) => `${label(test)}: did not run and gave no reason; use ctx.skip('why')`),
    ...mismatches,
    ...nothing,
  ]
  const total = emptyTally()
  for (const test of tests) count(total, test)
  const failed = total.failed + run.faults.length + mismatches.length + nothing.length
  return { ...total, failed, problems, tallies, suites }
}

/** Adds a fault when vitest ended in failure and the record does not show why, for example while it shut down. */
export function withExitCode(run: RunRecord, exitCode: number): RunRecord {
  if (exitCode === 0 || judge(run).failed > 0) return run
  const fault = { where: 'vitest', message: `ended with exit code ${exitCode}, see above` }
  return { ...run, faults: [...run.faults, fault] }
}

/** A test as the reader finds it: project, file, name. */
function label(test: TestRecord): string {
  return `${projectLabel(test.project)} > ${test.suite} > ${test.name}`
}

function count(tally: Tally, test: TestRecord): void {
  tally[isBareSkip(test) ? 'failed' : test.state] += 1
}

/** Every suite must have the same number of tests in each cell that runs it, or a driver silently escapes a rule. */
function cellMismatches(run: RunRecord, suites: ReadonlyMap<string, ReadonlyMap<string, Tally>>): string[] {
  const cells = run.projects.filter((project) => cellOf(project) !== undefined)
  const names = new Set(cells.flatMap((cell) => [...(suites.get(cell)?.keys() ?? [])]))
  const problems: string[] = []
  for (const suite of [...names].sort()) {
    const cellsBySize = new Map<number, string[]>()
    for (const cell of cells) {
      const tests = suites.get(cell)?.get(suite)
      if (tests === undefined && run.leftOut[cell]?.[suite] !== undefined) continue
      entry(cellsBySize, size(tests), () => []).push(cell)
    }
    if (cellsBySize.size < 2) continue
    const sizes = [...cellsBySize].sort((a, b) => b[1].length - a[1].length || b[0] - a[0])
    const counts = sizes.map(([n, members]) => `${n} in ${members.map((cell) => cellOf(cell)).join(', ')}`)
    const missing = differingNames(run, suite, sizes[0]?.[1][0] ?? '', sizes[1]?.[1][0] ?? '')
    problems.push(`cells differ in the number of tests of "${suite}": ${counts.join('; ')}${missing}`)
  }
  return problems
}

function differingNames(run: RunRecord, suite: string, one: string, other: string): string {
  const names = (project: string): Set<string> =>
    new Set(run.tests.filter((test) => test.project === project && test.suite === suite).map(nameInAnyCell))
  const [a, b] = [names(one), names(other)]
  const only = [...a].filter((name) => !b.has(name)).concat([...b].filter((name) => !a.has(name)))
  return only.length === 0 || a.size === 0 || b.size === 0
    ? ''
    : `; for example: ${only.slice(0, 3).join(', ')}`
}

function size(tally: Tally | undefined): number {
  return tally === undefined ? 0 : tally.passed + tally.failed + tally.skipped
}

function emptyTally(): Tally {
  return { passed: 0, failed: 0, skipped: 0 }
}

function newSuites(): Map<string, Tally> {
  return new Map()
}

function entry<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const found = map.get(key)
  if (found !== undefined) return found
  const created = create()
  map.set(key, created)
  return created
}
