import type { Unit } from '../results/metrics.js'

/** A figure as a person reads it, with three significant digits. */
export function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case 'bytes':
      return formatBytes(value)
    case 'ms':
      return `${digits(value)} ms`
    case 'us':
      return `${digits(value)} us`
    case 'ratio':
      return `${digits(value)}x`
    case 'count':
    case 'per-second':
      return digits(value)
  }
}

/** Decimal: 1 MB is 1,000,000 bytes. */
export function formatBytes(bytes: number): string {
  const size = Math.abs(bytes)
  if (size < 1000) return `${digits(bytes)} B`
  if (size < 1e6) return `${digits(bytes / 1e3)} KB`
  return size < 1e9 ? `${digits(bytes / 1e6)} MB` : `${digits(bytes / 1e9)} GB`
}

function digits(value: number): string {
  const size = Math.abs(value)
  if (size >= 100 || Number.isInteger(value)) return value.toFixed(0)
  return size >= 10 ? value.toFixed(1) : value.toFixed(2)
}
