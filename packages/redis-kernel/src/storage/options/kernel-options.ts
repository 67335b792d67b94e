import { DEFAULT_KEY_PREFIX, assertKeyPrefix } from './key-prefix.js'
import { positiveMs } from '../../shared/positive.js'

/** What every Redis driver is told, whatever its client. */
export interface KernelOptions {
  /** Keys are named `<keyPrefix>:{...}`. @default 'cairn' */
  readonly keyPrefix?: string
  /** How long one command may take, in milliseconds. @default 5000 */
  readonly commandTimeoutMs?: number
  /** How long connecting may take, in milliseconds. @default 5000 */
  readonly connectTimeoutMs?: number
}

const DEFAULT_TIMEOUT_MS = 5000

/** Throws `TypeError` for an option that is not of its kind. */
export function resolveKernelOptions(options: KernelOptions): Required<KernelOptions> {
  const { keyPrefix = DEFAULT_KEY_PREFIX } = options
  assertKeyPrefix(keyPrefix)
  return Object.freeze({
    keyPrefix,
    commandTimeoutMs: positiveMs('commandTimeoutMs', options.commandTimeoutMs) ?? DEFAULT_TIMEOUT_MS,
    connectTimeoutMs: positiveMs('connectTimeoutMs', options.connectTimeoutMs) ?? DEFAULT_TIMEOUT_MS,
  })
}
