import { textTable } from '@cairnkit/tool-kit'
import type { JudgedBudget } from '../results/report.js'

/** Every budget beside what this run measured, and below it those that it did not measure. */
export function budgetTable(budgets: readonly JudgedBudget[]): string {
  const rows = budgets.flatMap(({ what, source, limit, judged }) =>
    judged
      .filter(({ verdict }) => verdict !== 'not measured')
      .map(({ of, measured, verdict }, at) => [at === 0 ? what : '', limit, measured, verdict, of, source]),
  )
  const left = budgets.flatMap(({ what, source, judged }) => {
    const savers = judged.filter(({ verdict }) => verdict === 'not measured').map(({ of }) => of)
    return savers.length === 0 ? [] : [`  ${what} [${source}]: ${savers.join(', ')}`]
  })
  const missed = rows.filter(([, , , verdict]) => verdict === 'MISSED').length
  const header = ['budget', 'limit', 'measured', 'verdict', 'of', 'where it stands']
  const parts = [`Budgets: ${rows.length - missed} met, ${missed} missed`, textTable(header, rows)]
  if (left.length > 0) parts.push('Not measured in this run:', ...left)
  return parts.join('\n')
}
