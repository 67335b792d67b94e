import { UsageError } from '@cairnkit/tool-kit'
import { describe, expect, it } from 'vitest'
import type { RunRecord, TestRecord } from '../src/report/records.js'
import { readArguments } from '../src/servers/arguments.js'
import { type ServerOutcome, serversReport, tally } from '../src/servers/report.js'

const one: TestRecord = { project: 'cell: a | b', suite: 'driver', name: 'holds', state: 'passed' }

function ran(server: string, ...tests: readonly TestRecord[]): ServerOutcome {
  const record: RunRecord = {
    projects: ['@cairnkit/kernel', '@cairnkit/unused', 'cell: a | b', 'cell: a | c'],
    tests,
    faults: [],
    suiteMs: { 'cell: a | b': { suite: 1500 } },
    leftOut: {},
    filtered: false,
  }
  return { kind: 'ran', server, version: '9.1.2', record }
}

describe('the report of servers', () => {
  const both = [one, { ...one, project: 'cell: a | c' }]

  it('has a line for each cell with tests on each server, and the closing line', () => {
    const skipped: TestRecord = {
      ...one,
      project: '@cairnkit/kernel',
      state: 'skipped',
      reason: 'no server',
    }
    const report = serversReport([ran('redis-8', ...both), ran('valkey-9', ...both, skipped)])
    expect(report.split('\n')).toEqual([
      'server    version  cell    tests  passed  failed  skipped  seconds',
      '--------  -------  ------  -----  ------  ------  -------  -------',
      'redis-8   9.1.2    a | b       1       1       0        0      1.5',
      'redis-8   9.1.2    a | c       1       1       0        0      0.0',
      'valkey-9  9.1.2    kernel      1       0       0        1      0.0',
      'valkey-9  9.1.2    a | b       1       1       0        0      1.5',
      'valkey-9  9.1.2    a | c       1       1       0        0      0.0',
      '',
      '4 passed, 0 failed, 1 skipped',
    ])
  })

  it('names what failed with its server, a cell that misses a test as well', () => {
    const outcomes = [ran('redis-8', { ...one, state: 'failed' })]
    expect(tally(outcomes)).toEqual({ passed: 0, failed: 2, skipped: 0 })
    expect(serversReport(outcomes)).toContain('redis-8: a | b > driver > holds: failed')
    expect(serversReport(outcomes)).toContain('redis-8: cells differ in the number of tests of "driver"')
  })

  it('names a server that could not be had, which fails the run only where it must be there', () => {
    const missing = { kind: 'missing', server: 'valkey-9', reason: 'no network' } as const
    for (const fails of [false, true]) {
      const outcomes: ServerOutcome[] = [ran('redis-8', ...both), { ...missing, fails }]
      const report = serversReport(outcomes)
      expect(report).toMatch(/^valkey-9 +missing/m)
      expect(report).toContain('valkey-9 could not be had: no network')
      expect(report.split('\n').at(-1)).toBe(`2 passed, ${fails ? 1 : 0} failed`)
    }
  })
})

describe('the arguments', () => {
  it('are names of servers', () => {
    const servers = (args: readonly string[]): unknown[] => {
      const read = readArguments(args)
      return read === 'help' ? [read] : read.map(({ server }) => server)
    }
    expect(servers([])).toEqual(['redis-8', 'valkey-8', 'valkey-9', 'redis-as-6.2'])
    expect(servers(['redis-as-6.2', 'redis-8'])).toEqual(['redis-8', 'redis-as-6.2'])
    expect(servers(['--help'])).toEqual(['help'])
    expect(() => readArguments(['redis-5'])).toThrow(UsageError)
  })
})
