import { type Clock, processClock } from './clock.js'
import type { Durability } from './durability.js'
import { assertKnownOptions } from './driver/known-options.js'
import { show } from './driver/show.js'
import type { StorageDriver } from './driver/storage-driver.js'
import { assertMs } from './driver/whole-number.js'
import type { StorageObserver } from './observer.js'
import type { RetryPolicy } from './retry.js'
import type { CallerSettings } from './storage-caller.js'

/** The options of a {@link Keyspace}. */
export interface KeyspaceOptions {
  /**
   * The total time of one call with all attempts and waits, in milliseconds. Time in which this process stood still does
   * not count. @default 15000
   */
  readonly timeoutMs?: number
  /** How failed calls are repeated. @default see {@link RetryPolicy} */
  readonly retry?: RetryPolicy
  /** How many copies of every commit must exist before its call resolves. @default the primary alone */
  readonly durability?: Durability
  /** Is told of calls, retries, and commits that too few replicas have. @default none */
  readonly observer?: StorageObserver
  /** The source of time. @default the system's clock, without time in which this process stood still */
  readonly clock?: Clock
  /** Returns numbers in [0, 1), for the random waits between retries. @default Math.random */
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
