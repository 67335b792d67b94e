/** A value for a message: its kind, and itself where it is short. */
export function show(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'object') return `an object (${value.constructor?.name ?? 'no prototype'})`
  if (typeof value === 'string')
    return value.length <= 40 ? JSON.stringify(value) : `a string of ${value.length} characters`
  return `${typeof value} ${String(value as number | bigint | boolean | symbol | undefined)}`
}
