/** One figure over the rounds of a run. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
  /** Round by round. */
  readonly samples: readonly number[]
}

export function spreadOf(samples: readonly number[]): Spread {
  return {
    median: median(samples),
    min: Math.min(...samples),
    max: Math.max(...samples),
    samples,
  }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** Linear between the two values that stand next to the place asked for; `q` is from 0 to 1. */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) throw new RangeError('There is no quantile of nothing')
  const sorted = [...values].sort((a, b) => a - b)
  const place = (sorted.length - 1) * q
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}

/** How many turns make the beginning and the end of a run. */
const EDGE = 20

/**
 * How much slower the last 20 turns are than the first 20, by the median of each; of a run of less than 40, halves are
 * compared. `undefined` for fewer than 8.
 */
export function growth(latencies: readonly number[]): number | undefined {
  if (latencies.length < 8) return undefined
  const edge = Math.min(EDGE, Math.floor(latencies.length / 2))
  return median(latencies.slice(-edge)) / median(latencies.slice(0, edge))
}

/** The median of every place over several series, as far as all of them go. */
export function medianSeries(series: readonly (readonly number[])[]): number[] {
  const length = Math.min(...series.map((each) => each.length))
  if (!Number.isFinite(length)) return []
  return Array.from({ length }, (_, at) => median(series.map((each) => each[at] ?? Number.NaN)))
}
