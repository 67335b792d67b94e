import { show } from './show.js'

/** A duration, or `undefined` where the option is not given. Throws `TypeError` for anything else. */
export function positiveMs(name: string, value: unknown): number | undefined {
  return positiveWhole(name, value, 'milliseconds')
}

export function positiveWhole(name: string, value: unknown, unit: string): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
  throw new TypeError(`${name} must be a positive whole number of ${unit}, got ${show(value)}`)
}
