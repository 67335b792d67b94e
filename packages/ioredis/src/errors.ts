import type { Classification } from '@cairnkit/core/driver'
import { classifySocketError, lostInFlight, noAnswer, notSent } from '@cairnkit/redis-kernel/connections'

/** By message: ioredis throws plain errors, and another copy's classes would not be ours. */
const MESSAGES: readonly (readonly [RegExp, Classification])[] = [
  [/enableOfflineQueue options is false$/, notSent],
  // Redirections and waits for a cluster that cannot serve: each attempt was refused by a server.
  [/^Too many Cluster redirections/, notSent],
  // Said to commands that wait for the cluster or for a Sentinel, which means that they were not sent.
  [/^None of startup nodes is available$|^Cluster is ended\.$|^Failed to refresh slots cache/, notSent],
  [/^All sentinels are unreachable/, notSent],
  [
    /^Connection in subscriber mode|^Connection is in monitoring mode/,
    { code: 'unsupported', disposition: 'permanent' },
  ],
  [/^Command timed out$|^Socket timeout\./, noAnswer],
  [/^Reached the max retries per request limit/, lostInFlight],
  // The text is the same for a client that was closed before: unknown is the safe reading.
  [/^Connection is closed\.$|^Command aborted due to connection close$/, lostInFlight],
  [/Please report this\.$/, lostInFlight],
]

export function classifyIoredisError(cause: unknown): Classification | undefined {
  if (!(cause instanceof Error) || cause.name === 'ReplyError') return undefined
  return MESSAGES.find(([pattern]) => pattern.test(cause.message))?.[1] ?? classifySocketError(cause)
}
