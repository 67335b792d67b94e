import { formatValue } from '../output/format.js'
import type { JudgedBudget, WorkloadResult } from '../results/report.js'
import { type Bound, type Budget, holds } from './budget.js'
import { budgets } from './budgets.js'
import { codeSizes } from './code-size.js'
import { View } from './view.js'

/** Every budget with what this run says about it. */
export async function judgeBudgets(results: readonly WorkloadResult[]): Promise<JudgedBudget[]> {
  const view = new View(results)
  return [...budgets.map((budget) => judge(budget, view)), ...(await codeSizes())]
}

export function judge(budget: Budget, view: View): JudgedBudget {
  const { what, source, bound, savers, workload, measure } = budget
  const judged = savers.map((of): JudgedBudget['judged'][number] => {
    if (view.failed(workload, of)) return { of, measured: 'failed', verdict: 'MISSED' }
    const value = measure(view, of)
    return value === undefined
      ? { of, measured: '-', verdict: 'not measured' }
      : { of, measured: formatValue(value, bound.unit), verdict: holds(bound, value) ? 'met' : 'MISSED' }
  })
  return { what, source, limit: limitText(bound), judged }
}

export function limitText({ kind, value, unit, note }: Bound): string {
  const limit = `${kind} ${formatValue(value, unit)}`
  return note === undefined ? limit : `${limit} (${note})`
}
