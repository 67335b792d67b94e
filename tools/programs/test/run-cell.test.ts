import { features } from '@cairnkit/conformance/programs'
import { expect, test } from 'vitest'
import { differencesText, featuresText, verdictLine } from '../src/output/report-text.js'
import type { CellReport } from '../src/run/cell-report.js'
import { runCell } from '../src/run/run-cell.js'
import { knownDifferences } from '../src/subject/known-differences.js'

const report: CellReport = {
  cell: 'memory | process',
  programs: 10,
  same: 8,
  known: new Map([[knownDifferences[0]?.name ?? '', 2]]),
  unknown: [],
  features: new Map(features.map((feature) => [feature, 3])),
  cpuSeconds: 1,
  seconds: 2,
}

test('a run tells of each program what became of it', async () => {
  let done = 0
  const ran = await runCell({
    cell: 'memory | process',
    seed: 1,
    programs: 8,
    onProgram: (count) => (done = count),
  })
  expect(done).toBe(8)
  expect(ran.programs).toBe(8)
  expect(ran.unknown).toEqual([])
  expect(ran.features.get('channel: log')).toBe(8)
})

test('the report names causes by letters, and the verdict says what was left out', () => {
  expect(differencesText([report])).toMatch(/memory \| process +10 +8 +2 +0/)
  expect(differencesText([report])).toContain('A (design): changed in place: ')
  expect(featuresText([report])).toMatch(/channel: log +3/)
  expect(verdictLine([report], 7)).toBe(
    'programs: held, 10 programs from seed 7 on memory | process, 2 differ as is known, nothing left out',
  )
  const [left] = features
  const without = new Map([...report.features].filter(([feature]) => feature !== left))
  expect(verdictLine([{ ...report, features: without }], 7)).toContain('left out: channel: log')
})

test('a difference that nobody knows breaks the run, and is shown', () => {
  const broken = { ...report, same: 7, unknown: ['Step 3 differs'] }
  expect(verdictLine([broken], 7)).toMatch(/^programs: BROKEN, 1 differ for no known reason/)
  expect(differencesText([broken])).toContain('Step 3 differs')
})
