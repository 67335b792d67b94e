import { existsSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import type { RunRecord } from '../src/report/records.js'
import { mergeRuns } from '../src/report/merge-runs.js'
import { nxProgram } from '../src/test-command/untouched.js'
import { readTestArguments } from '../src/test-command/arguments.js'
import { batchVariable, projectId, projectsOfBatch } from '../vitest.batch.js'
import { scopeOf } from '../vitest.scope.js'

describe('the arguments of the test command', () => {
  it('are the usual run when nothing is typed', () => {
    expect(readTestArguments([])).toEqual({
      scope: 'usual',
      detail: 'reasons',
      times: false,
      forVitest: [],
    })
  })

  it('are its own options, and all else is for vitest, in its order', () => {
    expect(readTestArguments(['packages/core', '--quick', '-t', 'epoch', '--names', '--times'])).toEqual({
      scope: 'quick',
      detail: 'names',
      times: true,
      forVitest: ['packages/core', '-t', 'epoch'],
    })
  })

  it('name one scope', () => {
    expect(() => readTestArguments(['--rest', '--all'])).toThrow(TypeError)
  })

  it('ask for help', () => {
    expect(readTestArguments(['--help'])).toBe('help')
  })
})

describe('the scope of a run', () => {
  it('is everything where no command says otherwise', () => {
    expect([scopeOf(undefined), scopeOf('')]).toEqual(['all', 'all'])
  })

  it('is refused when nobody knows it', () => {
    expect(() => scopeOf('most')).toThrow(/usual, rest, all, quick/)
  })
})

it('finds the program that knows which packages a change reaches', () => {
  expect(existsSync(nxProgram())).toBe(true)
})

describe('the projects of one process', () => {
  const all = ['/packages/core/vitest.config.ts', { test: { name: 'cell: alpha | standalone' } }]

  it('are all of them, unless the test command named some', () => {
    vi.stubEnv(batchVariable, undefined)
    expect(projectsOfBatch(all)).toEqual(all)
    vi.stubEnv(batchVariable, JSON.stringify(['cell: alpha | standalone']))
    expect(projectsOfBatch(all)).toEqual([all[1]])
    vi.unstubAllEnvs()
  })

  it('have names', () => {
    expect(() => projectId({ test: {} })).toThrow('no name')
  })
})

describe('the runs of several processes', () => {
  const runOf = (project: string, more: Partial<RunRecord> = {}): RunRecord => ({
    projects: [project],
    tests: [{ project, suite: 'driver', name: 'a', state: 'passed' }],
    faults: [],
    suiteMs: { [project]: { suite: 5 } },
    leftOut: {},
    filtered: false,
    ...more,
  })

  it('are one run, in which nothing is missing', () => {
    const fault = { where: 'the run', message: 'was interrupted' }
    const merged = mergeRuns([
      runOf('one'),
      runOf('other', { faults: [fault], leftOut: { other: { leases: 'one shows it' } } }),
    ])
    expect(merged).toEqual({
      projects: ['one', 'other'],
      tests: [...runOf('one').tests, ...runOf('other').tests],
      faults: [fault],
      suiteMs: { one: { suite: 5 }, other: { suite: 5 } },
      leftOut: { other: { leases: 'one shows it' } },
      filtered: false,
    })
  })
})
