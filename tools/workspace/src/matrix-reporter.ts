import { writeFile } from 'node:fs/promises'
import type {
  Reporter,
  SerializedError,
  TestModule,
  TestRunEndReason,
  TestSpecification,
  Vitest,
} from 'vitest/node'
import { summary } from './report/layout.js'
import { readRun } from './report/read-run.js'
import { projectLabel } from './report/records.js'
import { judge } from './report/verdict.js'

/** Where the test command wants the record of the run, so that it has the last word after vitest has shut down. */
export const recordVariable = 'CAIRN_TEST_RECORD'

/**
 * Says when a project is through, and collects the run. Prints the closing summary itself unless the test command asked
 * for the record. What fails is for a reporter of vitest's own to show.
 */
export default class MatrixReporter implements Reporter {
  #vitest: Vitest | undefined
  #startedAt = 0
  readonly #waiting = new Map<string, number>()
  readonly #counts = new Map<string, { tests: number; failed: number }>()

  onInit(vitest: Vitest): void {
    this.#vitest = vitest
  }

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.#startedAt = performance.now()
    for (const { project } of specifications)
      this.#waiting.set(project.name, (this.#waiting.get(project.name) ?? 0) + 1)
  }

  onTestModuleEnd(module: TestModule): void {
    const { name } = module.project
    const counts = this.#counts.get(name) ?? { tests: 0, failed: 0 }
    this.#counts.set(name, counts)
    for (const test of module.children.allTests()) {
      counts.tests += 1
      if (test.result().state === 'failed') counts.failed += 1
    }
    const waiting = (this.#waiting.get(name) ?? 1) - 1
    this.#waiting.set(name, waiting)
    if (waiting > 0) return
    const left = [...this.#waiting.values()].filter((files) => files > 0).length
    const seconds = Math.round((performance.now() - this.#startedAt) / 1000)
    const failed = counts.failed > 0 ? `, ${counts.failed} FAILED` : ''
    const place = `${this.#waiting.size - left}/${this.#waiting.size}`
    console.log(
      `${`${seconds} s`.padStart(6)}  ${place}  ${projectLabel(name)}: ${counts.tests} tests${failed}`,
    )
  }

  async onTestRunEnd(
    modules: readonly TestModule[],
    unhandled: readonly SerializedError[],
    reason: TestRunEndReason,
  ): Promise<void> {
    const run = readRun(this.#vitest, modules, unhandled, reason)
    const file = process.env[recordVariable]
    if (file !== undefined) return writeFile(file, JSON.stringify(run))
    const verdict = judge(run)
    console.log(`\n${summary(run, verdict, { detail: 'names' })}`)
    if (verdict.failed > 0) process.exitCode = 1
  }
}
