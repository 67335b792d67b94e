import type { RunRecord } from './records.js'

/** What several processes ran, each of them projects of its own, as one run. */
export function mergeRuns(runs: readonly RunRecord[]): RunRecord {
  return {
    projects: runs.flatMap(({ projects }) => projects),
    tests: runs.flatMap(({ tests }) => tests),
    faults: runs.flatMap(({ faults }) => faults),
    suiteMs: Object.assign({}, ...runs.map(({ suiteMs }) => suiteMs)),
    leftOut: Object.assign({}, ...runs.map(({ leftOut }) => leftOut)),
    filtered: runs.some(({ filtered }) => filtered),
  }
}
