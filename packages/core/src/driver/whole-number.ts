import { show } from './show.js'

/** The longest delay that a timer of Node.js takes; it fires at once for a longer one. */
export const MAX_DELAY_MS: number = 2 ** 31 - 1

export interface Range {
  /** @default 1 */
  readonly least?: number
  /** @default MAX_DELAY_MS for a duration, else the largest safe integer */
  readonly most?: number
}

/** Throws `TypeError` for what is no duration that a timer can take, in whole milliseconds. */
export function assertMs(
  name: string,
  value: unknown,
  { least = 1, most = MAX_DELAY_MS }: Range = {},
): asserts value is number {
  assertWhole(name, value, 'milliseconds', { least, most })
}

/** Throws `TypeError` for what is no whole number in the range; `unit` says of what. */
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
