import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readArguments } from '../src/arguments.js'
import { runBench } from '../src/bench.js'
import { writeReport } from '../src/output/write-report.js'
import type { MeasuredRow, Report, WorkloadResult } from '../src/results/report.js'

const steps: string[] = []
const out = new Writable({
  write(chunk: Buffer, _, done) {
    steps.push(chunk.toString())
    done()
  },
})

function measuredRows(result: WorkloadResult | undefined): MeasuredRow[] {
  return (result?.rows ?? []).filter((row) => row.status === 'measured')
}

let folder: string
let report: Report

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-bench-test-'))
  const savers = 'does-nothing,memory-saver,cairn-memory'
  const options = readArguments(['--quick', '--source', '--only', 'fan-out-50,forks', '--savers', savers])
  if (options === 'help') throw new Error('Nobody asked for help')
  report = await runBench(options, out)
})

afterAll(async () => await rm(folder, { recursive: true, force: true }))

test('every step is announced, and there are as many as were promised', () => {
  expect(steps).toHaveLength(12)
  expect(steps[0]).toBe('[1/12] fan-out-50: does nothing, warm-up\n')
  expect(steps[11]).toBe('[12/12] forks: Cairn, memory, round 1\n')
})

test('every saver is measured, with what it stored', () => {
  const [fanOut] = report.workloads
  expect(fanOut?.rows.map(({ saver, status }) => [saver, status])).toEqual([
    ['does-nothing', 'measured'],
    ['memory-saver', 'measured'],
    ['cairn-memory', 'measured'],
  ])
  const figures = measuredRows(fanOut).map((row) => row.figures)
  for (const { turnsPerSecond, cpu, calls, sent } of figures) {
    expect(turnsPerSecond?.median).toBeGreaterThan(0)
    expect(cpu?.median).toBeGreaterThan(0)
    expect(calls?.median).toBeGreaterThan(50)
    expect(sent).toBeUndefined()
  }
  // 10 turns of 50 results of 500 B, which only the first saver does not keep.
  expect(figures.map(({ stored }) => (stored?.median ?? 0) > 250_000)).toEqual([false, true, true])
})

test('a saver without history is left out of forks, with the reason', () => {
  expect(report.workloads[1]?.rows[0]).toMatchObject({ status: 'missing', reason: 'keeps no history' })
  expect(report.workloads[1]?.rows[2]).toMatchObject({ status: 'measured' })
})

test('the report is a table, a file of figures and a page that needs nothing else', async () => {
  const files = { json: join(folder, 'new', 'results.json'), html: join(folder, 'new', 'index.html') }
  const text = await writeReport(report, files)
  expect(text).toContain('fan-out to 50 workers')
  expect(text).toContain('does nothing: keeps no history')
  expect(JSON.parse(await readFile(files.json, 'utf8'))).toEqual(JSON.parse(JSON.stringify(report)))
  const page = await readFile(files.html, 'utf8')
  expect(page.match(/<svg /g)?.length).toBeGreaterThan(3)
  expect(page).not.toMatch(/<script|src=|https?:|NaN/)
})
