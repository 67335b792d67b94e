import { describe, expect, test } from 'vitest'
import { growth, median, medianSeries, quantile, spreadOf } from '../src/results/statistics.js'

describe('quantile', () => {
  test('of one value is that value', () => {
    expect(quantile([7], 0.99)).toBe(7)
  })

  test('lies between neighbours, whatever the order', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
    expect(quantile([10, 0], 0.99)).toBeCloseTo(9.9)
  })

  test('of nothing is a mistake', () => {
    expect(() => median([])).toThrow(RangeError)
  })

  test('leaves its argument as it was', () => {
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
  })
})

test('a spread keeps its samples', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, samples: [3, 1, 2] })
})

describe('growth', () => {
  test('compares the medians of the first and the last 20', () => {
    const latencies = [
      ...Array<number>(20).fill(2),
      ...Array<number>(100).fill(50),
      ...Array<number>(20).fill(3),
    ]
    expect(growth(latencies)).toBe(1.5)
  })

  test('is not moved by one slow turn', () => {
    const latencies = Array<number>(40).fill(1)
    latencies[39] = 500
    expect(growth(latencies)).toBe(1)
  })

  test('compares halves of a short run, and says nothing of a very short one', () => {
    expect(growth([1, 1, 1, 1, 2, 2, 2, 2])).toBe(2)
    expect(growth([1, 2])).toBeUndefined()
  })
})

test('a series of medians goes as far as all of its series', () => {
  expect(
    medianSeries([
      [1, 5, 9],
      [3, 5],
      [2, 1, 1],
    ]),
  ).toEqual([2, 5])
  expect(medianSeries([])).toEqual([])
})
