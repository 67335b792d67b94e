import type { JudgedBudget } from '../results/report.js'
import { textTable } from './text-table.js'

/** Every budget beside what this run measured. */
export function budgetTable(budgets: readonly JudgedBudget[]): string {
  const rows = budgets.flatMap(({ what, source, limit, judged }) =>
    judged.map(({ of, measured, verdict }, at) => [
      at === 0 ? `${what} [${source}]` : '',
      limit,
      of,
      measured,
      verdict,
    ]),
  )
  return `Budgets\n${textTable(['what', 'budget', 'of', 'measured', 'verdict'], rows)}`
}
