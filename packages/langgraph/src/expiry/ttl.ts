/** The longest life of a thread, in milliseconds: what fits in the record that says it, some 31,000 years. */
const MAX_TTL_MS = 999_999_999_999_999

/** Throws a `TypeError` unless `value` is a life in whole milliseconds, 1 or more. */
export function assertTtlMs(name: string, value: unknown): asserts value is number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= MAX_TTL_MS) return
  throw new TypeError(
    `${name} must be a whole number of milliseconds from 1 to ${MAX_TTL_MS}, got ${String(value)}`,
  )
}
