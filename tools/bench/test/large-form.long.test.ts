import { Writable } from 'node:stream'
import { beforeAll, describe, expect, test } from 'vitest'
import { readArguments } from '../src/arguments.js'
import { runBench } from '../src/bench.js'
import type { MeasuredRow, Report } from '../src/results/report.js'

describe('the short form of large values on Redis', () => {
  let report: Report

  beforeAll(async () => {
    const args = ['--quick', '--source', '--only', 'large-1mb', '--savers', 'cairn-ioredis']
    const options = readArguments(args)
    if (options === 'help') throw new Error('Nobody asked for help')
    report = await runBench(options, new Writable({ write: (_chunk, _encoding, done) => done() }))
  })

  test('shows put and get beside SET and GET, and how long each held the server', () => {
    const rows = (report.workloads[0]?.rows ?? []) as readonly MeasuredRow[]
    expect(rows.map(({ saver, status }) => [saver, status])).toEqual([
      ['cairn-ioredis', 'measured'],
      ['bare-set-get', 'measured'],
    ])
    for (const { figures } of rows) {
      const { putTime, getTime, putToSet, getToGet, putCommand, getCommand, putPing, getPing } = figures
      expect([putTime, getTime].map((times) => times?.samples.length)).toEqual([2, 2])
      for (const figure of [putTime, getTime, putToSet, getToGet, putPing, getPing])
        expect(figure?.median).toBeGreaterThan(0)
      // The server counts whole microseconds.
      expect(Math.min(putCommand?.median ?? 0, getCommand?.median ?? 0)).toBeGreaterThanOrEqual(0.001)
    }
    const [, bare] = rows.map(({ figures }) => figures)
    for (const ratio of [bare?.putToSet, bare?.getToGet]) expect(ratio?.median).toBeCloseTo(1)
  })

  test('judges nothing by a text that was not measured', () => {
    const held = report.budgets.filter(({ what }) => what.startsWith('longest command'))
    expect(held).toHaveLength(2)
    for (const { judged } of held)
      expect(new Set(judged.map(({ verdict }) => verdict))).toEqual(new Set(['not measured']))
  })
})
