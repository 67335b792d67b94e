import type { Classification } from '@cairnkit/core/driver'
import type { AnyClient, GivenClientKind } from './clients/given-client.js'
import type { OwnClientKind } from './clients/own-client.js'
import type { TrafficOf } from './clients/answer-watch.js'
import type { SingleServerClient } from './clients/single-server.js'
import type { ClusterSettings, Destination, StandaloneSettings } from './options/connection-plan.js'

/**
 * What a client package implements: how to make and use its clients, and what their errors mean. Options, pools, Sentinel,
 * keep-alive and the replacement of a client with a silent server are built on it, and are the same for every client. One kind
 * serves all clients of a pool, so state of one client must be kept in that client.
 */
export interface ClientPackage<Client extends AnyClient> {
  /** The name of the driver in messages and metrics. */
  readonly name: string
  /** The kind of client for one server: a primary or a Sentinel. */
  standalone(settings: StandaloneSettings): SingleServerClient<unknown>
  /** The kind of client for a Cluster. */
  cluster(settings: ClusterSettings): OwnClientKind<unknown>
  /** How to use an existing client. Throws a `TypeError` if the settings of the client would do harm. */
  given(client: Client): GivenClientKind<Client>
  /** Reads the servers and the login of an existing client. Throws a `TypeError` if its settings cannot be read. */
  connectionOf(client: Client): Destination
  /**
   * What has moved on a connection, as `connection` and the channels of this package's clients name it; `undefined` where
   * the client does not show it: then answers alone tell that a server is there.
   */
  readonly trafficOf: TrafficOf
  /** Says what an error of the client library means. Returns `undefined` for a reply of the server and for unknown errors. */
  classify(cause: unknown): Classification | undefined
}
