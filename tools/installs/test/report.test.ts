import { describe, expect, it } from 'vitest'
import type { Cell, Column } from '../src/report/cell.js'
import { report, tally } from '../src/report/report.js'

const rows = [
  { id: 'esm', name: 'ES module' },
  { id: 'cjs', name: 'CommonJS' },
  { id: 'next', name: 'Next.js' },
]

function column(id: string, cells: Readonly<Record<string, Cell>>): Column {
  return { id, title: `${id} 1.0`, cells: new Map(Object.entries(cells)) }
}

const passed: Cell = { state: 'passed' }
const broken: Cell = { state: 'failed', reason: 'node agent.mjs: ended with exit code 1\nwhy' }

describe('the report', () => {
  const columns = [
    column('npm', { esm: passed, cjs: broken }),
    column('pnpm', { esm: { state: 'absent', reason: 'not to be had' }, cjs: broken }),
    column('deno', { esm: passed, cjs: { state: 'none', reason: 'nobody can' } }),
  ]

  it('has a row for each kind that was tried, each reason once, and the line that scripts read', () => {
    expect(report(rows, columns).split('\n')).toEqual([
      '              npm    pnpm  deno',
      '---------  ------  ------  ----',
      'ES module      ok  absent    ok',
      'CommonJS   FAILED  FAILED     -',
      '',
      'npm: npm 1.0',
      'pnpm: pnpm 1.0',
      'deno: deno 1.0',
      '',
      'npm | CommonJS',
      'pnpm | CommonJS',
      '  FAILED: node agent.mjs: ended with exit code 1',
      '  why',
      '',
      'pnpm | ES module',
      '  absent: not to be had',
      '',
      'deno | CommonJS',
      '  -: nobody can',
      '',
      '2 passed, 2 failed, 2 skipped',
    ])
  })

  it('counts each state', () => {
    expect(tally(columns)).toEqual({ passed: 2, failed: 2, absent: 1, none: 1 })
  })
})
