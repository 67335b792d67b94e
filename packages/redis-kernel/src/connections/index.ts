/**
 * The entry point for client packages. A package describes how to create, open, use and end its clients, as a
 * {@link ClientPackage}. This half of the kernel adds options, pools, Sentinel, and all that clients have in common.
 */
export type { RedisCommand, RedisReply, RedisTransport } from '../redis-transport.js'
export { hashSlot } from '../storage/index.js'
export { clientDriverFactory } from './client-driver-factory.js'
export type { ClientPackage } from './client-package.js'
export { createTransport } from './create-transport.js'

export type * from './options/connection-plan.js'
export type * from './options/options.js'
export { planConnection } from './options/plan-connection.js'
export { destinationOfUrl } from './options/redis-url.js'
export { tlsOf, withServerName } from './options/server-name.js'

export { assertLibrary } from './clients/client-library.js'
export { type ClusterCalls, clusterCalls } from './clients/cluster-calls.js'
export { addressList, proveAlive, reconnectDelayMs, stallTimeoutMs } from './clients/connecting.js'
export type { AnyClient, GivenClientKind } from './clients/given-client.js'
export { type GivenState, appliedTwice, assertNoKeyPrefix, harmfulSetting } from './clients/given-settings.js'
export type { OwnClientKind } from './clients/own-client.js'
export { Seeds } from './clients/seeds.js'
export { type SingleServerClient, singleServer } from './clients/single-server.js'
export { type Traffic, receivedBytes, socketTraffic } from './clients/traffic.js'

export { ConnectionLog } from './failures/connection-log.js'
export {
  classifySocketError,
  isConnectFailure,
  lostInFlight,
  noAnswer,
  notSent,
} from './failures/socket-errors.js'

export type { Channel } from './sending/channel.js'
export { wireArgument } from './sending/wire.js'
