import { basename } from 'node:path'
import type { SerializedError, TestCase, TestModule, TestRunEndReason, TestSuite, Vitest } from 'vitest/node'
import { projectLabel } from './records.js'
import type { Fault, RunRecord, TestRecord } from './records.js'

/** What vitest knows of a run that has ended, as plain data. */
export function readRun(
  vitest: Vitest | undefined,
  modules: readonly TestModule[],
  unhandled: readonly SerializedError[],
  reason: TestRunEndReason,
): RunRecord {
  const suiteMs: Record<string, Record<string, number>> = {}
  for (const module of modules) {
    const { collectDuration, duration } = module.diagnostic()
    const suites = (suiteMs[module.project.name] ??= {})
    // Files of several folders may have one name.
    const suite = suiteName(module)
    suites[suite] = (suites[suite] ?? 0) + collectDuration + duration
  }
  const faults = [
    ...modules.flatMap(moduleFaults),
    ...unhandled.map((error) => ({ where: 'outside any test', message: firstLine(error.message) })),
  ]
  if (reason === 'interrupted') faults.push({ where: 'the run', message: 'was interrupted' })
  return {
    projects: vitest?.projects.map((project) => project.name) ?? [],
    tests: modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => testRecord(module, test)),
    ),
    faults,
    suiteMs,
    leftOut: Object.fromEntries(
      vitest?.projects.flatMap(({ name, config }) => {
        const suites = config.provide as { readonly leftOut?: Readonly<Record<string, string>> } | undefined
        return suites?.leftOut === undefined ? [] : [[name, suites.leftOut]]
      }) ?? [],
    ),
    filtered: vitest?.config.testNamePattern !== undefined,
  }
}

function testRecord(module: TestModule, test: TestCase): TestRecord {
  const result = test.result()
  const place = { project: module.project.name, suite: suiteName(module), name: test.fullName }
  // A test that never came to its turn is one that did not run and has no reason.
  if (result.state === 'pending') return { ...place, state: 'skipped' }
  if (result.state === 'skipped' && result.note !== undefined)
    return { ...place, state: 'skipped', reason: result.note }
  return { ...place, state: result.state }
}

function moduleFaults(module: TestModule): Fault[] {
  const where = `${projectLabel(module.project.name)} > ${suiteName(module)}`
  const own = module.errors().map((error) => ({ where, message: firstLine(error.message) }))
  if (own.length === 0 && module.state() === 'queued') own.push({ where, message: 'was never started' })
  return [...own, ...[...module.children.allSuites()].flatMap((suite) => suiteFaults(where, suite))]
}

function suiteFaults(where: string, suite: TestSuite): Fault[] {
  return suite
    .errors()
    .map((error) => ({ where: `${where} > ${suite.fullName}`, message: firstLine(error.message) }))
}

function suiteName(module: TestModule): string {
  return basename(module.moduleId).replace(/(\.test)?\.\w+$/, '')
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}
