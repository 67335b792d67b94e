import { assertMs } from '@cairnkit/core/driver'
import { DEFAULT_KEY_PREFIX, assertKeyPrefix } from './key-prefix.js'

/** The options of every Redis driver, whatever its client. */
export interface KernelOptions {
  /** Keys are named `<keyPrefix>:{...}`. At least one character, without braces. @default 'cairn' */
  readonly keyPrefix?: string
  /** The limit of a call that has no limit of its own, in milliseconds. @default 5000 */
  readonly commandTimeoutMs?: number
  /** How long connecting may take, in milliseconds. @default 5000 */
  readonly connectTimeoutMs?: number
}

const DEFAULT_TIMEOUT_MS = 5000

/** Throws `TypeError` for an option that is not of its kind. */
export function resolveKernelOptions(options: KernelOptions): Required<KernelOptions> {
  const {
    keyPrefix = DEFAULT_KEY_PREFIX,
    commandTimeoutMs = DEFAULT_TIMEOUT_MS,
    connectTimeoutMs = DEFAULT_TIMEOUT_MS,
  } = options
  assertKeyPrefix(keyPrefix)
  assertMs('commandTimeoutMs', commandTimeoutMs)
  assertMs('connectTimeoutMs', connectTimeoutMs)
  return Object.freeze({ keyPrefix, commandTimeoutMs, connectTimeoutMs })
}
