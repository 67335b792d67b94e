import { describe, expect, it } from 'vitest'
import { closingLine, summary } from '../src/report/layout.js'
import type { RunRecord, TestRecord } from '../src/report/records.js'
import { judge, withExitCode } from '../src/report/verdict.js'

const alpha = 'cell: alpha | standalone'
const beta = 'cell: beta | cluster'

function test(project: string, name: string, more: Partial<TestRecord> = {}): TestRecord {
  return { project, suite: 'driver', name, state: 'passed', ...more }
}

function run(tests: readonly TestRecord[], more: Partial<RunRecord> = {}): RunRecord {
  return {
    projects: [alpha, beta, '@cairnkit/core'],
    tests,
    faults: [],
    suiteMs: {},
    leftOut: {},
    filtered: false,
    ...more,
  }
}

describe('counting', () => {
  it('adds passed, failed and skipped with a reason', () => {
    const verdict = judge(
      run([
        test(alpha, 'a'),
        test(alpha, 'b', { state: 'skipped', reason: 'no server' }),
        test(beta, 'a', { state: 'failed' }),
        test(beta, 'b'),
        test('@cairnkit/core', 'c'),
      ]),
    )
    expect(verdict).toMatchObject({ passed: 3, failed: 1, skipped: 1, problems: [] })
    expect(verdict.tallies.get(alpha)).toEqual({ passed: 1, failed: 0, skipped: 1 })
  })

  it('takes a skip without a reason for a failure', () => {
    const verdict = judge(run([test(alpha, 'a', { state: 'skipped' }), test(beta, 'a')]))
    expect(verdict).toMatchObject({ passed: 1, failed: 1, skipped: 0 })
    expect(verdict.problems).toEqual([
      "alpha | standalone > driver > a: did not run and gave no reason; use ctx.skip('why')",
    ])
  })

  it('does not ask for reasons when the caller picked tests by name', () => {
    const tests = [test(alpha, 'a', { state: 'skipped' }), test(beta, 'b')]
    expect(judge(run(tests, { filtered: true }))).toMatchObject({ passed: 1, failed: 0, problems: [] })
  })

  it('fails when cells differ in a suite, also when the totals are equal', () => {
    const verdict = judge(run([test(alpha, 'a'), test(beta, 'a', { suite: 'saver' })]))
    expect(verdict.failed).toBe(2)
    expect(verdict.problems[0]).toBe(
      'cells differ in the number of tests of "driver": 1 in alpha | standalone; 0 in beta | cluster',
    )
  })

  it('names tests that one of the cells lacks', () => {
    const verdict = judge(run([test(alpha, 'a'), test(alpha, 'extra'), test(beta, 'a')]))
    expect(verdict.problems).toEqual([expect.stringContaining('for example: extra')])
  })

  it('counts a cell that has no test at all', () => {
    expect(judge(run([test(alpha, 'a')])).failed).toBe(1)
  })

  it('counts every fault outside a test', () => {
    const faults = [{ where: 'core > load', message: 'does not load' }]
    expect(judge(run([test('@cairnkit/core', 'a')], { faults }))).toMatchObject({
      passed: 1,
      failed: 1,
      problems: ['core > load: does not load'],
    })
  })

  it('fails when nothing ran', () => {
    expect(judge(run([]))).toMatchObject({ passed: 0, failed: 1, problems: ['not a single test ran'] })
  })

  it('blames vitest when it failed and no test did', () => {
    const sound = run([test('@cairnkit/core', 'a')])
    expect(judge(withExitCode(sound, 0)).failed).toBe(0)
    expect(judge(withExitCode(sound, 1)).failed).toBe(1)
    const unsound = run([test('@cairnkit/core', 'a', { state: 'failed' })])
    expect(judge(withExitCode(unsound, 1)).failed).toBe(1)
  })
})

describe('layout', () => {
  it('shows cells, skips with their reasons, packages, and the closing line last', () => {
    const reason = { state: 'skipped', reason: 'no server' } as const
    const record = run(
      [
        test(alpha, 'a'),
        test(alpha, 'b', reason),
        test(alpha, 's', { suite: 'saver' }),
        test(beta, 'a'),
        test(beta, 'b', reason),
        test(beta, 's', { suite: 'saver' }),
        test('@cairnkit/core', 'c'),
      ],
      { suiteMs: { [alpha]: { one: 1200, other: 34 } } },
    )
    expect(`\n${summary(record, judge(record), { detail: 'names' })}\n`).toBe(`
driver  topology    driver  saver  tests  passed  failed  skipped  seconds
------  ----------  ------  -----  -----  ------  ------  -------  -------
alpha   standalone     1/2      1      3       2       0        1      1.2
beta    cluster        1/2      1      3       2       0        1      0.0

Skipped
  driver > b: no server (alpha | standalone; beta | cluster)

package  tests  passed  failed  skipped  seconds
-------  -----  ------  ------  -------  -------
core         1       1       0        0      0.0

4 distinct tests; 3 run in 2 cells, 6 times in all

5 passed, 0 failed, 2 skipped
`)
  })

  it('names the suites that took longest, when asked', () => {
    const record = run([test(alpha, 'a')], {
      suiteMs: { [alpha]: { driver: 1200, saver: 900 }, [beta]: { saver: 1000 } },
    })
    const text = summary(record, judge(record), { detail: 'names', times: true })
    expect(text).toContain('1.9      saver   beta | cluster 1.0; alpha | standalone 0.9\n')
    expect(text.indexOf('saver   beta')).toBeLessThan(text.indexOf('driver  alpha | standalone 1.2'))
    expect(summary(record, judge(record), { detail: 'names' })).not.toContain('beta | cluster 1.0')
  })

  it('knows a test again whose name holds the name of the cell', () => {
    const named = (project: string, cell: string): TestRecord =>
      test(project, `suite of ${cell} > a`, { state: 'skipped', reason: 'no server' })
    const record = run([named(alpha, 'alpha | standalone'), named(beta, 'beta | cluster')])
    expect(summary(record, judge(record), { detail: 'names' })).toContain(
      '  driver > suite of <cell> > a: no server (alpha | standalone; beta | cluster)',
    )
  })

  it('drops the suites when the table would be too wide', () => {
    const wide = run(Array.from({ length: 30 }, (_, n) => test(alpha, 'a', { suite: `suite-${n}` })))
    const lines = summary(wide, judge(wide), { detail: 'names' }).split('\n')
    expect(lines[0]).toBe('driver  topology    tests  passed  failed  skipped  seconds')
  })

  it('tells how many tests have the same reason, unless they are to be named', () => {
    const skipped = (project: string, name: string, reason: string): TestRecord =>
      test(project, name, { state: 'skipped', reason })
    const record = run([
      skipped(alpha, 'a', 'no server'),
      skipped(alpha, 'b', 'no server'),
      skipped(beta, 'a', 'no server'),
      skipped(beta, 'b', 'no disk'),
    ])
    expect(summary(record, judge(record), { detail: 'reasons' })).toContain(
      '  2 x no server (alpha | standalone; beta | cluster)\n  1 x no disk (beta | cluster)\n',
    )
  })

  it('marks what a cell leaves out on purpose, with the reason, and takes it for no mismatch', () => {
    const record = run([test(alpha, 'a'), test(beta, 'a'), test(alpha, 's', { suite: 'saver' })], {
      projects: [alpha, beta],
      leftOut: { [beta]: { saver: 'alpha shows it' } },
    })
    const verdict = judge(record)
    expect(verdict).toMatchObject({ passed: 3, failed: 0, problems: [] })
    expect(summary(record, verdict, { detail: 'reasons', seconds: 12 })).toBe(
      `driver  topology    driver  saver  tests  passed  failed  skipped  seconds
------  ----------  ------  -----  -----  ------  ------  -------  -------
alpha   standalone       1      1      2       2       0        0      0.0
beta    cluster          1      ~      1       1       0        0      0.0

Left out, marked ~
  alpha shows it
    saver (beta | cluster)

2 distinct tests; 2 run in 2 cells, 3 times in all; 12 s

3 passed, 0 failed`,
    )
  })

  it('still misses what a cell does not run and does not say that it leaves out', () => {
    const record = run([test(alpha, 'a'), test(beta, 'a'), test(alpha, 's', { suite: 'saver' })], {
      projects: [alpha, beta],
      leftOut: { [beta]: { validation: 'alpha shows it' } },
    })
    expect(judge(record).problems).toEqual([expect.stringContaining('tests of "saver"')])
  })

  it('counts a test of a conformance suite once, whatever it runs on and in whichever project', () => {
    const onDriver = (project: string, driver: string, name: string): TestRecord =>
      test(project, `storage driver: ${driver} > ${name}`)
    const record = run([
      onDriver(alpha, 'alpha | standalone', 'reads > a'),
      onDriver(beta, 'beta | cluster', 'reads > a'),
      onDriver('older client: alpha 5 | standalone', 'alpha 5 | standalone', 'reads > a'),
      onDriver('@cairnkit/memory', 'memory', 'reads > a'),
      onDriver('@cairnkit/memory', 'memory', 'reads > b'),
      test('@cairnkit/conformance', 'CairnSaver on memory is a checkpointer > keeps'),
      test(alpha, 'CairnSaver is a checkpointer > keeps', { suite: 'saver' }),
    ])
    expect(summary(record, judge(record), { detail: 'reasons' })).toContain(
      '3 distinct tests; 2 run in 2 cells, 3 times in all',
    )
  })

  it('counts no test that the caller left out by name', () => {
    const record = run([test(alpha, 'a'), test(alpha, 'b', { state: 'skipped' })], {
      filtered: true,
      projects: [alpha],
    })
    expect(summary(record, judge(record), { detail: 'reasons' })).toContain(
      '1 distinct tests; 1 run in 1 cells, 1 times in all',
    )
  })

  it("counts LangGraph's validation suite apart", () => {
    const record = run([test(alpha, 'a'), test(alpha, 'v', { suite: 'validation' })], { projects: [alpha] })
    expect(summary(record, judge(record), { detail: 'reasons' })).toContain(
      "2 distinct tests; 1 of them are LangGraph's validation suite; 2 run in 1 cells, 2 times in all",
    )
  })

  it('names skips in the closing line only when there are any', () => {
    expect(closingLine({ passed: 2, failed: 0, skipped: 0 })).toBe('2 passed, 0 failed')
    expect(closingLine({ passed: 2, failed: 1, skipped: 3 })).toBe('2 passed, 1 failed, 3 skipped')
  })
})
