import type { Scope } from '../../vitest.scope.js'
import type { SkipDetail } from '../report/skips.js'

export interface TestArguments {
  readonly scope: Scope
  readonly detail: SkipDetail
  /** Whether the suites that took longest are named. */
  readonly times: boolean
  /** Everything else that was typed. */
  readonly forVitest: readonly string[]
}

const scopeOptions: Readonly<Record<string, Scope>> = { '--quick': 'quick', '--rest': 'rest', '--all': 'all' }

const details: readonly string[] = ['--names', '--times']

export const usage = `Usage: npm test -- [--quick | --rest | --all] [--names] [--times] [arguments of vitest]

  (none)      every test once, in each cell of the matrix that may show something of its own
  --quick     for work in between: what needs no server, one server through one client, without the
              packages that your changes do not reach
  --rest      what the usual run leaves out: suites in more of the cells that others speak for, long tests
  --all       every suite in every cell, and long tests
  --names     names every test that is skipped, and prints every file
  --times     names the suites that took longest, with the seconds of each
  --help      this text

The rest is for vitest: paths (npm test -- packages/core), -t 'part of a name', --project.
CAIRN_CELL=lmdb narrows the matrix to the cells whose name contains the text.
`

/** Takes our own options out of those that are vitest's. */
export function readTestArguments(typed: readonly string[]): TestArguments | 'help' {
  if (typed.includes('--help') || typed.includes('-h')) return 'help'
  const scopes = typed.flatMap((word) => scopeOptions[word] ?? [])
  if (scopes.length > 1)
    throw new TypeError(`One of --quick, --rest and --all at a time, got ${scopes.length}`)
  return {
    scope: scopes[0] ?? 'usual',
    detail: typed.includes('--names') ? 'names' : 'reasons',
    times: typed.includes('--times'),
    forVitest: typed.filter((word) => !details.includes(word) && scopeOptions[word] === undefined),
  }
}
