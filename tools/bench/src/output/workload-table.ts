import { textTable } from '@cairnkit/tool-kit'
import { METRICS, METRIC_NAMES, type MetricName } from '../results/metrics.js'
import type { MeasuredRow, WorkloadResult } from '../results/report.js'
import type { Spread } from '../results/statistics.js'
import { formatValue } from './format.js'

/** Shown with their spread: the others hardly move between rounds. */
const SPREAD: readonly MetricName[] = ['turnsPerSecond', 'firstRead']
/** In the JSON only: they repeat what another column says. */
const HIDDEN: readonly MetricName[] = ['wire', 'usedMemory']

/** The figures of a workload, and below it why a saver has none. */
export function workloadTable(result: WorkloadResult): string {
  const measured = result.rows.filter((row): row is MeasuredRow => row.status === 'measured')
  const columns = METRIC_NAMES.filter(
    (name) => !HIDDEN.includes(name) && measured.some(({ figures }) => figures[name] !== undefined),
  )
  const header = ['saver', ...columns.map((name) => labelOf(name, result.unit))]
  const rows = measured.map(({ title, figures }) => [
    title,
    ...columns.map((name) => cell(name, figures[name])),
  ])
  const notes = result.rows.flatMap((row) => {
    if (row.status === 'measured') return []
    const [reason = ''] = row.reason.split('\n')
    return [`  ${row.title}: ${row.status === 'failed' ? 'FAILED, ' : ''}${reason}`]
  })
  const table = measured.length === 0 ? [] : [textTable(header, rows)]
  return [`${result.title} (${result.id})`, ...table, ...notes].join('\n')
}

function labelOf(name: MetricName, unit: WorkloadResult['unit']): string {
  return METRICS[name].label.replace('turn', unit)
}

function cell(name: MetricName, spread: Spread | undefined): string {
  if (spread === undefined) return '-'
  const { unit } = METRICS[name]
  const middle = formatValue(spread.median, unit)
  if (!SPREAD.includes(name) || spread.samples.length < 2) return middle
  return `${middle} (${formatValue(spread.min, unit)} to ${formatValue(spread.max, unit)})`
}
