import { textTable } from '@cairnkit/tool-kit'
import type { Cell, Column } from './cell.js'

/** A row of the table. */
export interface Row {
  readonly id: string
  readonly name: string
}

const WORDS: Readonly<Record<Cell['state'], string>> = {
  passed: 'ok',
  failed: 'FAILED',
  absent: 'absent',
  none: '-',
}

/** How many cells have each state. */
export function tally(columns: readonly Column[]): Record<Cell['state'], number> {
  const counts = { passed: 0, failed: 0, absent: 0, none: 0 }
  for (const { cells } of columns) for (const { state } of cells.values()) counts[state] += 1
  return counts
}

/** The table, what each column is, the reason of each cell that is not ok, and the line that scripts read. */
export function report(rows: readonly Row[], columns: readonly Column[]): string {
  const shown = rows.filter(({ id }) => columns.some(({ cells }) => cells.has(id)))
  const { passed, failed, absent, none } = tally(columns)
  return [
    textTable(
      ['', ...columns.map(({ id }) => id)],
      shown.map(({ id, name }) => [name, ...columns.map(({ cells }) => wordOf(cells.get(id)))]),
    ),
    columns.map(({ id, title }) => `${id}: ${title}`).join('\n'),
    ...reasons(shown, columns),
    `${passed} passed, ${failed} failed, ${absent + none} skipped`,
  ].join('\n\n')
}

function wordOf(cell: Cell | undefined): string {
  return cell === undefined ? '' : WORDS[cell.state]
}

/** Each reason once, with all the cells that have it. */
function reasons(rows: readonly Row[], columns: readonly Column[]): string[] {
  const byReason = new Map<string, string[]>()
  for (const column of columns) {
    for (const row of rows) {
      const cell = column.cells.get(row.id)
      if (cell === undefined || cell.state === 'passed') continue
      const reason = `${WORDS[cell.state]}: ${cell.reason}`
      byReason.set(reason, [...(byReason.get(reason) ?? []), `${column.id} | ${row.name}`])
    }
  }
  return [...byReason].map(([reason, places]) => `${places.join('\n')}\n  ${reason.replaceAll('\n', '\n  ')}`)
}
