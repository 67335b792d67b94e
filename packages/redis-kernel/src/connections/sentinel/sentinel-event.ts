import type { RedisAddress } from '../options/options.js'

/** What the Sentinel that leads a failover announces during it, and every Sentinel announces when it learns of its end. */
export type SentinelEvent =
  /** Most Sentinels have agreed to the failover. Shortly after, what `from` acknowledges is lost. */
  | { readonly type: 'begun'; readonly from: RedisAddress }
  /** Shortly after, `to` is told to be the primary. */
  | { readonly type: 'chosen'; readonly from: RedisAddress; readonly to: RedisAddress }
  /** The failover was given up, and `from` stays the primary. */
  | { readonly type: 'aborted'; readonly from: RedisAddress }
  | { readonly type: 'switched'; readonly from: RedisAddress; readonly to: RedisAddress }

/** The channels of these announcements. See "Pub/Sub messages" in the documentation of Redis Sentinel. */
export const sentinelChannels: readonly string[] = [
  '+elected-leader',
  '+selected-slave',
  '-failover-abort-not-elected',
  '-failover-abort-no-good-slave',
  '-failover-abort-slave-timeout',
  '+switch-master',
]

/** Parses a message. Returns `undefined` for one about another primary, and for one that is not understood. */
export function parseSentinelEvent(
  channel: string,
  message: string,
  name: string,
): SentinelEvent | undefined {
  const words = message.split(' ')
  switch (channel) {
    case '+elected-leader': {
      const from = instanceIn(words, name)
      return from && { type: 'begun', from }
    }
    case '+selected-slave': {
      const at = words.indexOf('@')
      const to = addressIn(words[2], words[3])
      const from = at < 0 ? undefined : instanceIn(words.slice(at), name)
      return from && to && { type: 'chosen', from, to }
    }
    case '+switch-master': {
      const from = addressIn(words[1], words[2])
      const to = addressIn(words[3], words[4])
      return words[0] === name && from && to ? { type: 'switched', from, to } : undefined
    }
    default: {
      const from = instanceIn(words, name)
      return from && { type: 'aborted', from }
    }
  }
}

/** Of `master <name> <host> <port>` and `@ <name> <host> <port>`. */
function instanceIn(
  [, name, host, port]: readonly (string | undefined)[],
  wanted: string,
): RedisAddress | undefined {
  return name === wanted ? addressIn(host, port) : undefined
}

function addressIn(host: string | undefined, port: string | undefined): RedisAddress | undefined {
  const number = Number(port)
  return host === undefined || !Number.isInteger(number) || number <= 0 ? undefined : { host, port: number }
}
