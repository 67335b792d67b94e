import { METRICS, type MetricName } from '../results/metrics.js'
import type { MeasuredRow, WorkloadResult } from '../results/report.js'
import { barChart } from './plots/bar-chart.js'
import { colorOf } from './plots/colors.js'
import { lineChart } from './plots/line-chart.js'

interface Plot {
  readonly metric: MetricName
  readonly title: (unit: WorkloadResult['unit']) => string
  readonly scale: 'linear' | 'log'
}

const PLOTS: readonly Plot[] = [
  { metric: 'turnsPerSecond', title: (unit) => `${unit}s per second, more is better`, scale: 'linear' },
  { metric: 'cpu', title: (unit) => `CPU of the process per ${unit}, less is better`, scale: 'linear' },
  { metric: 'stored', title: () => 'stored, less is better', scale: 'log' },
  { metric: 'sent', title: (unit) => `sent to the server per ${unit}, less is better`, scale: 'log' },
  { metric: 'firstRead', title: () => 'first read of a new process, less is better', scale: 'linear' },
  { metric: 'putTime', title: () => 'put, less is better', scale: 'linear' },
  { metric: 'getTime', title: () => 'get with nothing cached, less is better', scale: 'linear' },
  { metric: 'laterRead', title: () => 'with nothing cached, code warm, less is better', scale: 'linear' },
]

/** The floor and the ceiling are so far away that the savers would be a line between them. */
const OFF_SCALE: readonly string[] = ['bare-client']

export function workloadPlots({ rows, unit }: WorkloadResult): string[] {
  const measured = rows.filter((row): row is MeasuredRow => row.status === 'measured')
  const bars = PLOTS.flatMap(({ metric, title, scale }) => {
    const shown = measured.flatMap(({ saver, title: label, figures }) => {
      const value = figures[metric]
      if (value === undefined || OFF_SCALE.includes(saver)) return []
      return [{ label, color: colorOf(saver), value }]
    })
    if (shown.length === 0) return []
    // Reads of savers in memory differ by orders of magnitude from those over a network.
    const far = unit === 'read' && metric === 'turnsPerSecond' ? 'log' : scale
    return [barChart({ title: title(unit), unit: METRICS[metric].unit, bars: shown, scale: far })]
  })
  const lines = measured
    .filter(({ series }) => series.length > 0)
    .map(({ saver, title, series }) => ({ label: title, color: colorOf(saver), values: series }))
  return lines.length === 0 ? bars : [...bars, lineChart('time of every turn as the thread grows', lines)]
}
