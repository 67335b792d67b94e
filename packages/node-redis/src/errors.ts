import type { Classification } from '@cairnkit/core/driver'
import { classifySocketError, lostInFlight, noAnswer, notSent } from '@cairnkit/redis-kernel/connections'

const notInTime: Classification = Object.freeze({ code: 'timeout', disposition: 'transient' })

const OFFLINE = 'The client is offline'

/**
 * By message, in node-redis 5 and 6: another copy's classes would not be ours, and a bundle that was made smaller gives
 * classes other names.
 */
const MESSAGES: readonly (readonly [RegExp, Classification])[] = [
  [new RegExp(`^${OFFLINE}$`), notSent],
  [/^The client is closed$/, notSent],
  [/^All the root nodes are unavailable$/, notSent],
  [/^Connection timeout$/, notSent],
  [/^Too many Cluster redirections$/, notSent],
  [/^The queue is full$|^Cannot find node /, notSent],
  [/^None of the sentinels are available$|^no valid master node$/, notSent],
  // No node is known for the slot, or the Sentinel has no primary.
  [/^Cannot read properties of undefined \(reading '(master|isReady)'\)$/, notSent],
  // Of commands that wait to be written.
  [/^Timeout waiting for a client after |^Command timeout during maintenance\./, notInTime],
  [/^Socket closed unexpectedly$/, lostInFlight],
  [/^Disconnects client$/, lostInFlight],
  // Of a connection that ended with its client; no command has a signal of its own.
  [/^The command was aborted$/, lostInFlight],
  [/^Socket timeout (timeout|during maintenance)\./, noAnswer],
  // Of a command that has no answer when its slot has moved. Those that wait to be written have no time limit.
  [/^$/, noAnswer],
]

export function classifyNodeRedisError(cause: unknown): Classification | undefined {
  if (!(cause instanceof Error)) return undefined
  const ofSocket = classifySocketError(cause)
  // An error that gathers others is none of the client's, and may have no words of its own.
  if (ofSocket !== undefined || cause instanceof AggregateError) return ofSocket
  return MESSAGES.find(([pattern]) => pattern.test(cause.message))?.[1]
}

/** Whether a command was not sent because its node is not connected. */
export function isOffline(cause: unknown): boolean {
  return cause instanceof Error && cause.message === OFFLINE
}
