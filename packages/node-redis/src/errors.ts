import type { Classification } from '@cairnkit/core/driver'
import { classifySocketError, lostInFlight, noAnswer, notSent } from '@cairnkit/redis-kernel/connections'

const notInTime: Classification = Object.freeze({ code: 'timeout', disposition: 'transient' })

/** By the name of the class: another copy's classes would not be ours. */
const CLASSES: ReadonlyMap<string, Classification> = new Map([
  ['ClientOfflineError', notSent],
  ['ClientClosedError', notSent],
  ['RootNodesUnavailableError', notSent],
  ['ConnectionTimeoutError', notSent],
  ['MaxCommandRedirectionsError', notSent],
  // Of commands that wait to be written; what was written has no time limit in this client.
  ['TimeoutError', notInTime],
  ['CommandTimeoutDuringMaintenanceError', notInTime],
  ['SocketClosedUnexpectedlyError', lostInFlight],
  ['DisconnectsClientError', lostInFlight],
  // Of a connection that ended with its client; no command has a signal of its own.
  ['AbortError', lostInFlight],
  ['SocketTimeoutError', noAnswer],
  ['SocketTimeoutDuringMaintenanceError', noAnswer],
])

/** Of what fails before anything is sent. */
const NOT_SENT: readonly RegExp[] = [
  /^The queue is full$|^Cannot find node /,
  /^None of the sentinels are available$|^no valid master node$/,
  // No node is known for the slot, or the Sentinel has no primary.
  /^Cannot read properties of undefined \(reading '(master|isReady)'\)$/,
]

export function classifyNodeRedisError(cause: unknown): Classification | undefined {
  if (!(cause instanceof Error)) return undefined
  if (NOT_SENT.some((pattern) => pattern.test(cause.message))) return notSent
  return CLASSES.get(cause.constructor.name) ?? classifySocketError(cause)
}

/** Whether a command was not sent because its node is not connected. */
export function isOffline(cause: unknown): boolean {
  return cause instanceof Error && cause.constructor.name === 'ClientOfflineError'
}
