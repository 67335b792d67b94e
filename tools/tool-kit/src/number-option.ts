import { UsageError } from './usage-error.js'

export interface NumberRange {
  readonly least: number
  /** @default the greatest whole number that is exact */
  readonly most?: number
  /** @default false: whole numbers only */
  readonly fractions?: boolean
}

/** The number of an option, or `byDefault` when it was not typed. */
export function numberOption(
  option: string,
  text: string | undefined,
  byDefault: number,
  { least, most = Number.MAX_SAFE_INTEGER, fractions = false }: NumberRange,
): number {
  if (text === undefined) return byDefault
  const pattern = fractions ? /^\d+(\.\d+)?$/ : /^\d+$/
  const value = Number(text)
  if (pattern.test(text) && value >= least && value <= most) return value
  const kind = fractions ? 'a number' : 'a whole number'
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`
  throw new UsageError(`${option} is ${kind} ${range}, got ${JSON.stringify(text)}`)
}
