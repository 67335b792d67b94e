import { assertKnownOptions } from '@cairnkit/core'
import { assertTtlMs } from '../expiry/ttl.js'
import type { KeepRule } from './keepset.js'

/** Which checkpoints of a thread stay; what passes either limit goes. The newest checkpoint always stays. */
export interface RetentionOptions {
  /** How many of the newest checkpoints of the root graph stay, 1 or more. @default all */
  readonly keepLast?: number
  /**
   * How old a checkpoint may get, in milliseconds: by the time that the process gave it which made it, and the clock of the
   * storage now. @default any age
   */
  readonly maxAgeMs?: number
}

const known: readonly (keyof RetentionOptions)[] = ['keepLast', 'maxAgeMs']

/** Throws a `TypeError` for an unknown name or an invalid value, and if nothing would be limited. */
export function resolveRetention(options: RetentionOptions): RetentionOptions {
  assertKnownOptions('retention', options, known)
  const { keepLast, maxAgeMs } = options
  if (keepLast === undefined && maxAgeMs === undefined)
    throw new TypeError('retention must have keepLast, maxAgeMs, or both')
  if (keepLast !== undefined) assertKeepLast('retention.keepLast', keepLast)
  if (maxAgeMs !== undefined) assertTtlMs('retention.maxAgeMs', maxAgeMs)
  return Object.freeze({ ...options })
}

/** Throws a `TypeError` unless `value` is a number of checkpoints, 1 or more. */
export function assertKeepLast(name: string, value: unknown): asserts value is number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return
  throw new TypeError(`${name} must be a whole number of checkpoints, 1 or more, got ${String(value)}`)
}

export function keepsRetained({ keepLast, maxAgeMs }: RetentionOptions, nowMs: number): KeepRule {
  return (_, { rank, timeMs }) =>
    (keepLast === undefined || rank < keepLast) && (maxAgeMs === undefined || nowMs - timeMs < maxAgeMs)
}
