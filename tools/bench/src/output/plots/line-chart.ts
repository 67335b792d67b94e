import { median } from '../../results/statistics.js'
import { formatValue } from '../format.js'
import { linearScale } from './scale.js'
import { element, label, line, svg } from './svg.js'

export interface Line {
  readonly label: string
  readonly color: string
  /** One value per turn, in milliseconds. */
  readonly values: readonly number[]
}

const WIDTH = 760
const HEIGHT = 320
const LEFT = 64
const RIGHT = 190
const TOP = 30
const BOTTOM = 40
/** A garbage collection in one turn is not what the line is about. */
const WINDOW = 9

/** How long every turn took, as the thread grew. */
export function lineChart(title: string, lines: readonly Line[]): string {
  const smooth = lines.map((each) => ({ ...each, values: rollingMedian(each.values, WINDOW) }))
  const turns = Math.max(...smooth.map(({ values }) => values.length))
  const across = (at: number): number => LEFT + (at / Math.max(1, turns - 1)) * (WIDTH - LEFT - RIGHT)
  const height = HEIGHT - TOP - BOTTOM
  const axis = linearScale(Math.max(...smooth.flatMap(({ values }) => values)), height)
  const down = (value: number): number => TOP + height - axis.place(value)
  const grid = axis.ticks.map((tick) => {
    const y = down(tick)
    const text = label(formatValue(tick, 'ms'), LEFT - 6, y + 4, { class: 'tick', 'text-anchor': 'end' })
    return line(LEFT, y, WIDTH - RIGHT, y, { class: 'grid' }) + text
  })
  const ends = [1, Math.round(turns / 2), turns].map((turn) =>
    label(`turn ${turn}`, across(turn - 1), HEIGHT - BOTTOM + 18, { class: 'tick', 'text-anchor': 'middle' }),
  )
  const paths = smooth.map(({ values, color }) => {
    const points = values.map((value, at) => `${across(at).toFixed(1)},${down(value).toFixed(1)}`)
    return element('polyline', { points: points.join(' '), stroke: color, fill: 'none', 'stroke-width': 2 })
  })
  const legend = smooth.map(({ label: name, color }, at) => {
    const y = TOP + 6 + at * 18
    const mark = line(WIDTH - RIGHT + 12, y, WIDTH - RIGHT + 30, y, { stroke: color, 'stroke-width': 3 })
    return mark + label(name, WIDTH - RIGHT + 36, y + 4)
  })
  const heading = label(title, 0, 14, { class: 'title' })
  return svg(WIDTH, HEIGHT, title, [heading, ...grid, ...ends, ...paths, ...legend])
}

/** The median of the window around every value; the window is cut at both ends. */
export function rollingMedian(values: readonly number[], window: number): number[] {
  const half = Math.floor(window / 2)
  return values.map((_, at) => median(values.slice(Math.max(0, at - half), at + half + 1)))
}
