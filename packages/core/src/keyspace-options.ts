import { type Clock, processClock } from './clock.js'
import type { Durability } from './durability.js'
import { assertKnownOptions } from './driver/known-options.js'
import { show } from './driver/show.js'
import type { StorageDriver } from './driver/storage-driver.js'
import { assertMs } from './driver/whole-number.js'
import type { StorageObserver } from './observer.js'
import type { RetryPolicy } from './retry.js'
import type { CallerSettings } from './storage-caller.js'

export interface KeyspaceOptions {
  /** The total time of one call, every attempt and every wait included, in milliseconds. @default 15000 */
  readonly timeoutMs?: number
  readonly retry?: RetryPolicy
  /** How far every commit is to have spread before it counts as done. @default the primary alone */
  readonly durability?: Durability
  readonly observer?: StorageObserver
  /** @default the system's, without time in which this process did not run */
  readonly clock?: Clock
  /** Numbers in [0, 1), for the jitter of retries. @default Math.random */
  readonly random?: () => number
}

const known: readonly (keyof KeyspaceOptions)[] = [
  ...(['timeoutMs', 'retry', 'durability'] as const),
  ...(['observer', 'clock', 'random'] as const),
]

const knownOfRetry: readonly (keyof RetryPolicy)[] = [
  ...(['baseDelayMs', 'maxDelayMs', 'maxTransientDelayMs', 'maxAttempts'] as const),
]

/** The options with their defaults. Throws `TypeError` for a name that is none, and for values not of their kind. */
export function resolveKeyspaceOptions(options: KeyspaceOptions): CallerSettings {
  assertKnownOptions('A keyspace', options, known)
  const { timeoutMs = 15_000, retry = {}, observer, clock = processClock, random = Math.random } = options
  const {
    baseDelayMs = 20,
    maxDelayMs = 1000,
    maxTransientDelayMs = 200,
    maxAttempts = Number.POSITIVE_INFINITY,
  } = retry
  assertKnownOptions('retry', retry, knownOfRetry)
  assertMs('timeoutMs', timeoutMs)
  assertMs('retry.baseDelayMs', baseDelayMs)
  assertMs('retry.maxDelayMs', maxDelayMs)
  assertMs('retry.maxTransientDelayMs', maxTransientDelayMs)
  if (maxAttempts !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(maxAttempts) && maxAttempts > 0)) {
    throw new TypeError(`retry.maxAttempts must be a positive whole number, got ${show(maxAttempts)}`)
  }
  return {
    timeoutMs,
    policy: { baseDelayMs, maxDelayMs, maxTransientDelayMs, maxAttempts },
    observer,
    clock,
    random,
  }
}

/** Throws `TypeError` for what is no driver, for example the client that a driver would be made of. */
export function assertDriver(driver: StorageDriver): void {
  const candidate = driver as Partial<StorageDriver> | null | undefined
  const methods = ['read', 'commit', 'drop', 'partitions', 'classify'] as const
  if (
    candidate?.capabilities?.limits !== undefined &&
    methods.every((name) => typeof candidate[name] === 'function')
  ) {
    return
  }
  throw new TypeError(
    `A storage driver is expected, for example createMemoryDriver() or createIoredisDriver({ client }), got ${show(driver)}`,
  )
}
