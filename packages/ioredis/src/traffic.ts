import type { Socket } from 'node:net'
import { type Traffic, socketTraffic } from '@cairnkit/redis-kernel/connections'

/** A client of one server. A cluster has one for each node, and none itself. */
interface SingleClient {
  readonly isCluster: false
  /** Another one after each connection that was made anew. */
  readonly stream?: Socket
}

/** What has moved on the socket that a client of one server has now. */
export function trafficOf(connection: object): Traffic | undefined {
  const client = connection as Partial<SingleClient>
  return client.isCluster === false ? socketTraffic(() => client.stream) : undefined
}
