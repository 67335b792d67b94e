import { cellOf, isBareSkip, nameInAnyCell } from './records.js'
import type { RunRecord, TestRecord } from './records.js'

const IN_CELLS = 'cells'

/** The first describe of the conformance suites, which names what they run on. */
const CONFORMANCE = /^(?:(storage driver): .+?|.+? (is a checkpointer|under random programs))( > .+)$/

/**
 * How many tests there are: one that runs in ten cells, or a test of a conformance suite that runs on ten
 * implementations, is one. Empty when there are none.
 */
export function distinct(run: RunRecord, cells: number): string {
  // A suite may give several tests one name: then it has as many as the project in which they are most.
  const counts = new Map<string, Map<string, number>>()
  let runs = 0
  for (const test of run.tests) {
    if (run.filtered && isBareSkip(test)) continue
    if (cellOf(test.project) !== undefined) runs += 1
    const identity = identityOf(test)
    const byProject = counts.get(identity) ?? new Map<string, number>()
    counts.set(identity, byProject.set(test.project, (byProject.get(test.project) ?? 0) + 1))
  }
  if (counts.size === 0) return ''
  const number = (isMeant: (identity: string, projects: readonly string[]) => boolean): number =>
    [...counts]
      .filter(([identity, byProject]) => isMeant(identity, [...byProject.keys()]))
      .reduce((sum, [, byProject]) => sum + Math.max(...byProject.values()), 0)
  const upstream = number((identity) => identity.startsWith(`${IN_CELLS} > validation > `))
  const inCells = number((_identity, projects) => projects.some((project) => cellOf(project) !== undefined))
  return [
    `${number(() => true)} distinct tests`,
    ...(upstream > 0 ? [`${upstream} of them are LangGraph's validation suite`] : []),
    ...(runs > 0 ? [`${inCells} run in ${cells} cells, ${runs} times in all`] : []),
  ].join('; ')
}

function identityOf(test: TestRecord): string {
  const conformance = CONFORMANCE.exec(test.name)
  if (conformance !== null) return `${conformance[1] ?? conformance[2]}${conformance[3]}`
  const place = cellOf(test.project) === undefined ? test.project : IN_CELLS
  return `${place} > ${test.suite} > ${nameInAnyCell(test)}`
}
