/** What the client packages have in common. */
export { assertLibrary, libraryOf } from './client-kind.js'
export { ConnectionLog } from './connection-log.js'
export { LaneTransport } from './lane-transport.js'
export {
  type BorrowedClient,
  BorrowedLane,
  type ClientCalls,
  type Lane,
  type OwnedClient,
  OwnedLane,
} from './lane.js'
export type * from './options.js'
export { planConnection } from './plan-connection.js'
export { parseRedisUrl, redactUrl } from './redis-url.js'
export { classifySocketError, isConnectFailure, lostInFlight, noAnswer, notSent } from './socket-errors.js'
export { wireArgument } from './wire.js'
