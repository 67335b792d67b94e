import { describe, expect, test } from 'vitest'
import type { Budget } from '../src/budgets/budget.js'
import { budgets } from '../src/budgets/budgets.js'
import { countLines } from '../src/budgets/code-size.js'
import { judge, limitText } from '../src/budgets/judge.js'
import { View } from '../src/budgets/view.js'
import { METRIC_NAMES, type MetricName } from '../src/results/metrics.js'
import type { Row, WorkloadResult } from '../src/results/report.js'
import { spreadOf } from '../src/results/statistics.js'
import { crowdedId } from '../src/savers/crowded.js'
import { contenderOf } from '../src/savers/index.js'
import { tasks } from '../src/run/tasks.js'

type Medians = Readonly<Record<string, Partial<Record<MetricName, number>>>>

function viewOf(workload: string, medians: Medians): View {
  const rows = Object.entries(medians).map(([saver, figures]): Row => {
    const spreads = Object.entries(figures).map(([name, value]) => [name, spreadOf([value])])
    return { saver, title: saver, status: 'measured', series: [], figures: Object.fromEntries(spreads) }
  })
  return new View([result(workload, rows)])
}

function result(id: string, rows: readonly Row[]): WorkloadResult {
  return { id, title: id, unit: 'turn', turns: 1, rows }
}

function budget(what: string, source = ''): Budget {
  const found = budgets.find((each) => each.what.includes(what) && each.source.includes(source))
  if (found === undefined) throw new Error(`There is no budget ${what}`)
  return found
}

function verdicts(budgetToJudge: Budget, view: View): Record<string, string> {
  return Object.fromEntries(
    judge(budgetToJudge, view).judged.map(({ of, measured, verdict }) => [of, `${measured} ${verdict}`]),
  )
}

describe('a ratio', () => {
  test('is taken within the run, and judged for each driver', () => {
    const view = viewOf('chat-500', {
      'memory-saver': { turnsPerSecond: 50 },
      'cairn-ioredis': { turnsPerSecond: 150 },
      'cairn-node-redis': { turnsPerSecond: 149 },
    })
    expect(verdicts(budget('turns/s of MemorySaver'), view)).toEqual({
      'cairn-ioredis': '3x met',
      'cairn-node-redis': '2.98x MISSED',
    })
  })

  test('is not measured when the other one is not there', () => {
    const view = viewOf('chat-500', { 'cairn-ioredis': { turnsPerSecond: 150 } })
    expect(verdicts(budget('turns/s of MemorySaver'), view)).toEqual({
      'cairn-ioredis': '- not measured',
      'cairn-node-redis': '- not measured',
    })
  })

  test('of a crowded database is taken against the same saver alone', () => {
    const view = viewOf('latest-read', {
      'cairn-ioredis': { p50: 1 },
      [crowdedId('cairn-ioredis')]: { p50: 1.3 },
    })
    expect(verdicts(budget('1,000,000 other keys'), view)['cairn-ioredis']).toBe('1.30x MISSED')
  })
})

test('the CPU of a turn has two budgets', () => {
  const view = viewOf('chat-500', { 'does-nothing': { cpu: 2 }, 'cairn-ioredis': { cpu: 3.6 } })
  expect(verdicts(budget('CPU', 'DESIGN'), view)['cairn-ioredis']).toBe('1.80x MISSED')
  expect(verdicts(budget('CPU', 'issue'), view)['cairn-ioredis']).toBe('1.80x met')
})

test('a limit that says below is missed at the limit', () => {
  const serverTime = budget('server time')
  const at = (us: number): string | undefined =>
    verdicts(serverTime, viewOf('cold-open-400', { 'cairn-ioredis': { serverTime: us } }))['cairn-ioredis']
  expect(at(999)).toBe('999 us met')
  expect(at(1000)).toBe('1000 us MISSED')
  expect(limitText(serverTime.bound)).toBe('below 1000 us')
})

test('a saver that loses data has missed the budget, whatever its speed', () => {
  const lost: Row = { saver: 'cairn-ioredis', title: 'Cairn', status: 'failed', reason: 'a message is gone' }
  const view = new View([result('chat-500', [lost])])
  expect(verdicts(budget('stored, chat of 500 B'), view)['cairn-ioredis']).toBe('failed MISSED')
})

test('every budget names what the bench can measure', () => {
  for (const { workload, savers } of budgets) {
    expect(tasks.map(({ id }) => id)).toContain(workload)
    for (const saver of savers) expect(contenderOf(saver).id).toBe(saver)
  }
  expect(new Set(METRIC_NAMES).size).toBe(METRIC_NAMES.length)
})

test('lines of code are neither blank nor a comment', () => {
  expect(countLines('/** one\n * two\n */\nconst a = 1 // kept\n\n// gone\nconst b = 2\n')).toBe(2)
})
