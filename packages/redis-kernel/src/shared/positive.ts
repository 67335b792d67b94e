import { show } from './show.js'

/** The longest delay that a timer of Node.js takes; it fires at once for a longer one. */
const MAX_DELAY_MS = 2 ** 31 - 1

/** A duration, or `undefined` where the option is not given. Throws `TypeError` for anything else. */
export function positiveMs(name: string, value: unknown): number | undefined {
  const ms = positiveWhole(name, value, 'milliseconds')
  if (ms === undefined || ms <= MAX_DELAY_MS) return ms
  throw new TypeError(`${name} must be at most ${MAX_DELAY_MS} milliseconds, got ${show(value)}`)
}

export function positiveWhole(name: string, value: unknown, unit: string): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
  throw new TypeError(`${name} must be a positive whole number of ${unit}, got ${show(value)}`)
}
