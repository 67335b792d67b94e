import { expect, test } from 'vitest'
import { barChart } from '../src/output/plots/bar-chart.js'
import { lineChart, rollingMedian } from '../src/output/plots/line-chart.js'
import { linearScale, logScale } from '../src/output/plots/scale.js'
import { spreadOf } from '../src/results/statistics.js'

test('a linear scale goes from zero to a round number', () => {
  const { ticks, place } = linearScale(87, 100)
  expect(ticks).toEqual([0, 50, 100])
  expect([0, 50, 100].map(place)).toEqual([0, 50, 100])
  expect(linearScale(0, 100).ticks).toEqual([0, 1])
})

test('a logarithmic scale has powers of ten on both sides', () => {
  const { ticks, place } = logScale(300_000, 131e6, 300)
  expect(ticks).toEqual([1e5, 1e6, 1e7, 1e8, 1e9])
  expect(place(1e5)).toBe(0)
  expect(place(1e9)).toBe(300)
  expect(place(1)).toBe(0)
})

test('a rolling median drops a single outlier', () => {
  expect(rollingMedian([1, 1, 90, 1, 1], 3)).toEqual([1, 1, 1, 1, 1])
})

test('what a chart says is text, and its numbers are numbers', () => {
  const bars = [{ label: 'a <b> & "c"', color: '#123', value: spreadOf([1, 2, 3]) }]
  const chart = barChart({ title: 'x < y', unit: 'ms', bars, scale: 'linear' })
  expect(chart).toContain('a &lt;b&gt; &amp; "c"'.replaceAll('"', '&quot;'))
  expect(chart).toContain('class="spread"')
  expect(chart + lineChart('t', [{ label: 'l', color: '#123', values: [1, 2, 3] }])).not.toMatch(
    /NaN|Infinity/,
  )
})
