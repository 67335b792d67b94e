/** What the client packages have in common. */
export { type BorrowedState, appliedTwice, assertNoKeyPrefix, harmfulSetting } from './borrowing.js'
export type { Channel } from './channel.js'
export { assertLibrary } from './client-kind.js'
export { type ClusterCalls, clusterCalls } from './cluster-calls.js'
export { addressList, proveAlive, reconnectDelayMs, silenceMs } from './connecting.js'
export { ConnectionLog } from './connection-log.js'
export { createClientDriver } from './create-client-driver.js'
export { keepAlive } from './keep-alive.js'
export { type ClientPackage, createTransport } from './lane-transport.js'
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
export { type SingleServerClient, singleServer } from './single-server.js'
export { classifySocketError, isConnectFailure, lostInFlight, noAnswer, notSent } from './socket-errors.js'
export type { Channels } from './send-then-wait.js'
export { wireArgument } from './wire.js'
