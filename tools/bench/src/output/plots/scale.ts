/** From a value to a place on an axis, and the values that are marked on it. */
export interface Scale {
  readonly place: (value: number) => number
  readonly ticks: readonly number[]
}

/** From 0 to the first round number at or above `max`. */
export function linearScale(max: number, length: number): Scale {
  const step = roundStep(max / 4)
  const count = Math.max(1, Math.ceil(max / step))
  const end = step * count
  return {
    place: (value) => (value / end) * length,
    ticks: Array.from({ length: count + 1 }, (_, at) => at * step),
  }
}

/** Powers of ten around all that is shown; a value below the first is at its place. */
export function logScale(min: number, max: number, length: number): Scale {
  const first = Math.floor(Math.log10(min))
  const last = Math.max(first + 1, Math.ceil(Math.log10(max)))
  return {
    place: (value) => ((Math.log10(Math.max(value, 10 ** first)) - first) / (last - first)) * length,
    ticks: Array.from({ length: last - first + 1 }, (_, at) => 10 ** (first + at)),
  }
}

/** 1, 2 or 5 times a power of ten, at least `atLeast`. */
function roundStep(atLeast: number): number {
  if (!(atLeast > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(atLeast))
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= atLeast) ?? 10)
}
