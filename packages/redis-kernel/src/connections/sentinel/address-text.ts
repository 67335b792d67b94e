import type { RedisAddress } from '../options/options.js'

/** Writes an address as Sentinels and the keys of an `addressMap` do. */
export function addressText({ host, port }: RedisAddress): string {
  return `${host}:${port}`
}
