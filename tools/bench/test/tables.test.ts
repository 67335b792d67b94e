import { expect, test } from 'vitest'
import { budgetTable } from '../src/output/budget-table.js'
import { formatBytes, formatValue } from '../src/output/format.js'
import { workloadTable } from '../src/output/workload-table.js'
import { spreadOf } from '../src/results/statistics.js'

test('a figure has three significant digits and its unit', () => {
  expect(formatValue(1234.4, 'ms')).toBe('1234 ms')
  expect(formatValue(12.34, 'ratio')).toBe('12.3x')
  expect(formatValue(0.1234, 'us')).toBe('0.12 us')
  expect(formatValue(6, 'count')).toBe('6')
})

test('sizes are decimal', () => {
  expect([0, 999, 1000, 1_450_000, 2_000_000, 3e9].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1 KB',
    '1.45 MB',
    '2 MB',
    '3 GB',
  ])
})

test('a workload shows the columns that someone has, and why a saver has none', () => {
  const table = workloadTable({
    id: 'chat',
    title: 'a chat',
    unit: 'turn',
    turns: 200,
    rows: [
      {
        saver: 'a',
        title: 'A',
        status: 'measured',
        figures: { turnsPerSecond: spreadOf([90, 100, 110]), stored: spreadOf([1000]) },
        series: [],
      },
      { saver: 'b', title: 'B', status: 'measured', figures: { turnsPerSecond: spreadOf([50]) }, series: [] },
      { saver: 'c', title: 'C', status: 'missing', reason: 'not here' },
      { saver: 'd', title: 'D', status: 'failed', reason: 'lost a message\n    at somewhere' },
    ],
  })
  expect(table.split('\n')).toEqual([
    'a chat (chat)',
    'saver          turns/s  stored',
    '-----  ---------------  ------',
    'A      100 (90 to 110)    1 KB',
    'B                   50       -',
    '  C: not here',
    '  D: FAILED, lost a message',
  ])
})

test('budgets that were not measured stand below the table, those that were missed in it', () => {
  const text = budgetTable([
    {
      what: 'turns/s',
      source: 'issue 3',
      limit: 'at least 3x',
      judged: [
        { of: 'one', measured: '2x', verdict: 'MISSED' },
        { of: 'two', measured: '-', verdict: 'not measured' },
      ],
    },
  ])
  expect(text).toContain('Budgets: 0 met, 1 missed')
  expect(text).toMatch(/turns\/s +at least 3x +2x +MISSED +one +issue 3/)
  expect(text).toContain('  turns/s [issue 3]: two')
})
