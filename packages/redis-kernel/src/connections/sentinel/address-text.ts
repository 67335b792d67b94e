import type { RedisAddress } from '../options/options.js'

/** An address as Sentinels write it, and as the keys of an `addressMap` do. */
export function addressText({ host, port }: RedisAddress): string {
  return `${host}:${port}`
}
