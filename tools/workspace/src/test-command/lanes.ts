import { availableParallelism } from 'node:os'
import type { TestProjectConfiguration } from 'vitest/config'
import { batchVariable, projectId } from '../../vitest.batch.js'
import { mergeRuns } from '../report/merge-runs.js'
import { type RunRecord, cellOf, projectLabel } from '../report/records.js'
import { judge } from '../report/verdict.js'
import { runVitest } from './run-vitest.js'

/** Packages that share a process: to start one for each takes longer than some of them. */
const PACKAGES_AT_ONCE = 3

/** The tests of a lane mostly wait for servers or for other processes: three of them keep a core busy. */
const LANES = Math.min(9, availableParallelism() * 3)

/**
 * Runs the projects in several processes of vitest at once, each with one worker: a worker loads LangGraph and the clients
 * anew for each project that it runs, so the fewer workers a project has the better.
 */
export async function runInLanes(
  projects: readonly TestProjectConfiguration[],
  env: Readonly<Record<string, string>>,
): Promise<RunRecord> {
  const ids = [...projects].sort((a, b) => filesOf(b) - filesOf(a)).map(projectId)
  const batches = batchesOf(ids)
  const progress = new Progress(ids.length)
  const records: RunRecord[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    for (let batch = batches[next]; batch !== undefined; batch = batches[next]) {
      const place = next
      next += 1
      const { record, output } = await runVitest({
        args: ['--maxWorkers=1'],
        env: { ...env, [batchVariable]: JSON.stringify(batch) },
        output: 'held',
      }).catch((error: unknown) => ({ record: runThatBroke(batch, error), output: String(error) }))
      records[place] = record
      progress.tell(record, output)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  const run = mergeRuns(records)
  const place = new Map(projects.map((project, at) => [projectId(project), at]))
  const placeOf = (name: string): number => place.get(name) ?? ids.length
  return { ...run, projects: [...run.projects].sort((a, b) => placeOf(a) - placeOf(b)) }
}

/** The others go on, and the verdict is told when all of them are through. */
function runThatBroke(batch: readonly string[], error: unknown): RunRecord {
  const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n').slice(-1)
  const fault = { where: batch.map(projectLabel).join(', '), message }
  return { projects: [], tests: [], faults: [fault], suiteMs: {}, leftOut: {}, filtered: false }
}

/** As many files as a cell has; of a package it is known only once vitest has loaded it. */
function filesOf(project: TestProjectConfiguration): number {
  return typeof project === 'object' && 'test' in project ? (project.test?.include?.length ?? 0) : 0
}

/** Packages some at a time, each cell by itself. What takes longest goes first, so that no lane is left with it. */
function batchesOf(ids: readonly string[]): string[][] {
  const alone = ids.filter((id) => cellOf(id) !== undefined)
  const together = ids.filter((id) => cellOf(id) === undefined)
  const groups = Math.ceil(together.length / PACKAGES_AT_ONCE)
  return [
    ...Array.from({ length: groups }, (_, group) => together.filter((_id, at) => at % groups === group)),
    ...alone.map((id) => [id]),
  ]
}

/** A line for each project that is through, and all that vitest printed where something failed. */
class Progress {
  readonly #startedAt = performance.now()
  readonly #all: number
  #through = 0

  constructor(all: number) {
    this.#all = all
  }

  tell(record: RunRecord, output: string): void {
    const verdict = judge(record)
    if (verdict.failed > 0) console.log(output)
    const seconds = Math.round((performance.now() - this.#startedAt) / 1000)
    for (const project of record.projects) {
      this.#through += 1
      const { passed = 0, failed = 0, skipped = 0 } = verdict.tallies.get(project) ?? {}
      const ending = failed > 0 ? `, ${failed} FAILED` : ''
      console.log(
        `${`${seconds} s`.padStart(6)}  ${this.#through}/${this.#all}  ${projectLabel(project)}: ${passed + failed + skipped} tests${ending}`,
      )
    }
  }
}
