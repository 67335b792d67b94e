import { isWellFormed, show } from '@cairnkit/core/driver'

export const DEFAULT_KEY_PREFIX = 'cairn'

/** Throws `TypeError` for a prefix that would put partitions into the wrong slot, or two prefixes into one. */
export function assertKeyPrefix(keyPrefix: unknown): asserts keyPrefix is string {
  if (typeof keyPrefix !== 'string' || keyPrefix === '') {
    throw new TypeError(`keyPrefix must be a string of one character or more, got ${show(keyPrefix)}`)
  }
  if (/[{}]/.test(keyPrefix)) {
    throw new TypeError(
      `keyPrefix must not hold { or }, got ${show(keyPrefix)}: Redis Cluster takes what stands between braces for the slot`,
    )
  }
  if (!isWellFormed(keyPrefix)) {
    throw new TypeError(
      `keyPrefix must be well-formed text, got ${show(keyPrefix)}: it has half of a surrogate pair`,
    )
  }
}
