import { redactSecrets } from './redact.js'

/** A value for a message: its kind, and itself where it is short and holds no secret. */
export function show(value: unknown): string {
  if (typeof value === 'string') {
    const text = redactSecrets(value)
    return text.length <= 80 ? JSON.stringify(text) : `a string of ${value.length} characters`
  }
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'object' || typeof value === 'function') return typeof value
  return `${typeof value} ${String(value as number | bigint | boolean | symbol)}`
}
