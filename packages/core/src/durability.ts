import { assertKnownOptions } from './driver/known-options.js'
import { show } from './driver/show.js'
import type { DurabilityRequest } from './driver/storage-driver.js'
import { assertMs } from './driver/whole-number.js'

/** How many copies of a commit must exist before its call resolves. */
export interface Durability {
  /** How many replicas must have the commit. 0 is allowed only with `fsync`. */
  readonly replicas: number
  /** How long to wait for the replicas, in milliseconds. @default 1000 */
  readonly timeoutMs?: number
  /**
   * What to do if too few replicas have the commit in time. `error`: fail with code `replication`, after retries if the
   * batch may be repeated. `warn`: succeed, and tell the observer. @default 'error'
   */
  readonly onTimeout?: 'error' | 'warn'
  /**
   * Whether the commit must also be on the disk of the primary and of those replicas. On a server that cannot tell (before
   * Redis 7.2, or without an append-only file), the call fails with code `unsupported` and nothing is applied.
   * @default false
   */
  readonly fsync?: boolean
}

/** A valid durability, with its defaults filled in. */
export interface ResolvedDurability extends DurabilityRequest {
  readonly onTimeout: 'error' | 'warn'
}

const DEFAULT_TIMEOUT_MS = 1000

const known: readonly (keyof Durability)[] = ['replicas', 'timeoutMs', 'onTimeout', 'fsync']

/** Checks a durability and fills in its defaults. Throws a `TypeError` if it is invalid; `name` is the option's name in it. */
export function resolveDurability(durability: Durability, name = 'durability'): ResolvedDurability {
  if (typeof durability !== 'object' || durability === null || Array.isArray(durability)) {
    throw new TypeError(
      `${name} must be an object such as { replicas: 1, timeoutMs: 1000, onTimeout: 'error' }, got ${show(durability)}`,
    )
  }
  assertKnownOptions(name, durability, known)
  const { replicas, timeoutMs = DEFAULT_TIMEOUT_MS, onTimeout = 'error', fsync = false } = durability
  if (typeof fsync !== 'boolean') throw new TypeError(`${name}.fsync must be a boolean, got ${show(fsync)}`)
  const least = fsync ? 0 : 1
  if (!Number.isSafeInteger(replicas) || replicas < least) {
    throw new TypeError(
      `${name}.replicas must be a whole number from ${least}, got ${show(replicas)}: leave durability out to wait for none`,
    )
  }
  assertMs(`${name}.timeoutMs`, timeoutMs)
  if (onTimeout !== 'error' && onTimeout !== 'warn') {
    throw new TypeError(`${name}.onTimeout must be 'error' or 'warn', got ${show(onTimeout)}`)
  }
  return Object.freeze({ replicas, timeoutMs, onTimeout, fsync })
}
