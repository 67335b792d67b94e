import type { Unit } from '../../results/metrics.js'
import type { Spread } from '../../results/statistics.js'
import { formatValue } from '../format.js'
import { linearScale, logScale } from './scale.js'
import { element, label, line, svg } from './svg.js'

export interface Bar {
  readonly label: string
  readonly color: string
  readonly value: Spread
}

export interface BarChart {
  readonly title: string
  readonly unit: Unit
  readonly bars: readonly Bar[]
  readonly scale: 'linear' | 'log'
}

const WIDTH = 760
const LEFT = 250
const RIGHT = 90
const ROW = 22
const TOP = 30
const BOTTOM = 24

/** One bar per saver to its median, and over it a line from the least to the greatest of the rounds. */
export function barChart({ title, unit, bars, scale }: BarChart): string {
  const length = WIDTH - LEFT - RIGHT
  const most = Math.max(...bars.map(({ value }) => value.max))
  const least = Math.min(...bars.map(({ value }) => value.min))
  const axis = scale === 'log' ? logScale(Math.max(least, 1), most, length) : linearScale(most, length)
  const bottom = TOP + bars.length * ROW
  const grid = axis.ticks.map((tick) => {
    const x = LEFT + axis.place(tick)
    const text = label(formatValue(tick, unit), x, bottom + 16, { class: 'tick', 'text-anchor': 'middle' })
    return line(x, TOP - 4, x, bottom, { class: 'grid' }) + text
  })
  const rows = bars.map(({ label: name, color, value }, at) => {
    const y = TOP + at * ROW
    const middle = y + ROW / 2
    const end = LEFT + axis.place(value.median)
    const [from, to] = [LEFT + axis.place(value.min), LEFT + axis.place(value.max)]
    const bar = { x: LEFT, y: y + 3, width: Math.max(1, end - LEFT), height: ROW - 6, fill: color }
    const spread = value.samples.length > 1 ? line(from, middle, to, middle, { class: 'spread' }) : ''
    return [
      label(name, LEFT - 8, middle + 4, { 'text-anchor': 'end' }),
      element('rect', bar),
      spread,
      label(formatValue(value.median, unit), Math.max(end, to) + 6, middle + 4, { class: 'value' }),
    ].join('')
  })
  const heading = label(scale === 'log' ? `${title} (log scale)` : title, 0, 14, { class: 'title' })
  return svg(WIDTH, bottom + BOTTOM, title, [heading, ...grid, ...rows])
}
