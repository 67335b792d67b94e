/** One test of a run. */
export interface TestRecord {
  /** The vitest project: `cell: <driver> | <topology>`, or the name of a package. */
  readonly project: string
  /** The test file without folder and `.test.ts`. */
  readonly suite: string
  readonly name: string
  readonly state: 'passed' | 'failed' | 'skipped'
  /** What the test gave to `ctx.skip(reason)`. */
  readonly reason?: string
}

/** Something that broke outside a test: a file that does not load, a hook, an unhandled rejection. */
export interface Fault {
  readonly where: string
  readonly message: string
}

/** All that the verdict is drawn from; plain data, so that it can cross a process border. */
export interface RunRecord {
  /** Every project of the run, those without a single test too. */
  readonly projects: readonly string[]
  readonly tests: readonly TestRecord[]
  readonly faults: readonly Fault[]
  /** Time spent in milliseconds, by project and suite. */
  readonly suiteMs: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** The suites that this run left out on purpose, by project, with the reason. */
  readonly leftOut: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** True when the caller narrowed the run by test name: what does not match is then skipped without a reason. */
  readonly filtered: boolean
}

const cellPrefix = 'cell: '

/** The cell that a project stands for; undefined when the project is an ordinary package. */
export function cellOf(project: string): string | undefined {
  return project.startsWith(cellPrefix) ? project.slice(cellPrefix.length) : undefined
}

/** A project as the reader knows it. */
export function projectLabel(project: string): string {
  return cellOf(project) ?? project.replace(/^@[^/]+\//, '')
}

/** The name of a test without the name of its cell, so that the same test is known in every cell. */
export function nameInAnyCell(test: TestRecord): string {
  const cell = cellOf(test.project)
  return cell === undefined ? test.name : test.name.replaceAll(cell, '<cell>')
}

/** A test that did not run and has no reason: a fault, unless the caller narrowed the run by test name. */
export function isBareSkip(test: TestRecord): boolean {
  return test.state === 'skipped' && test.reason === undefined
}

/** Time spent in all suites of a project. */
export function secondsOf(run: RunRecord, project: string): string {
  const times = Object.values(run.suiteMs[project] ?? {})
  return inSeconds(times.reduce((sum, time) => sum + time, 0))
}

export function inSeconds(ms: number): string {
  return (ms / 1000).toFixed(1)
}
