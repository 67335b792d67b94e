import { redactSecrets } from './redact.js'

/** A value for a message: its kind, and itself where it is short; never the credentials of a URL. */
export function show(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'object') return `an object (${value.constructor?.name ?? 'no prototype'})`
  if (typeof value === 'function') return 'a function'
  if (typeof value !== 'string')
    return `${typeof value} ${String(value as number | bigint | boolean | symbol)}`
  const text = redactSecrets(value)
  return text.length <= 40 ? JSON.stringify(text) : `a string of ${value.length} characters`
}

/** A number of bytes for a message. */
export function showBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  return bytes < 999_500 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
