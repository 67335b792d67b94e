import { show } from './show.js'

/** The longest delay of a Node.js timer, in milliseconds. A timer with a longer delay fires at once. */
export const MAX_DELAY_MS: number = 2 ** 31 - 1

/** The inclusive bounds of a number. */
export interface Range {
  /** @default 1 */
  readonly least?: number
  /** @default MAX_DELAY_MS for a duration, else the largest safe integer */
  readonly most?: number
}

/** Throws a `TypeError` unless `value` is a duration in whole milliseconds that a timer can take. */
export function assertMs(
  name: string,
  value: unknown,
  { least = 1, most = MAX_DELAY_MS }: Range = {},
): asserts value is number {
  assertWhole(name, value, 'milliseconds', { least, most })
}

/** Throws a `TypeError` unless `value` is a whole number in the range. `unit` names the unit in the message. */
export function assertWhole(
  name: string,
  value: unknown,
  unit: string,
  { least = 1, most = Number.MAX_SAFE_INTEGER }: Range = {},
): asserts value is number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`
  throw new TypeError(`${name} must be a whole number of ${unit} ${range}, got ${show(value)}`)
}
