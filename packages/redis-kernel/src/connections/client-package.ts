import type { Classification } from '@cairnkit/core/driver'
import type { AnyClient, GivenClientKind } from './clients/given-client.js'
import type { OwnClientKind } from './clients/own-client.js'
import type { SingleServerClient } from './clients/single-server.js'
import type { ClusterSettings, Destination, StandaloneSettings } from './options/connection-plan.js'

/**
 * What a client package supplies: how its clients are made and used, and what their errors mean. Options, pools, Sentinel,
 * keep-alive and the replacement of a client whose server is silent are built on it, and are the same for every client.
 * One kind serves all clients of a pool, so what a client has of its own belongs into the client.
 */
export interface ClientPackage<Client extends AnyClient> {
  /** The name of the driver, for messages and metrics. */
  readonly name: string
  /** A client of one server: a primary or a Sentinel. */
  standalone(settings: StandaloneSettings): SingleServerClient<unknown>
  cluster(settings: ClusterSettings): OwnClientKind<unknown>
  /** How a client that the caller made is used. Throws a `TypeError` for one whose settings would do harm. */
  given(client: Client): GivenClientKind<Client>
  /** Where a client that the caller made leads. Throws a `TypeError` for one that does not tell. */
  connectionOf(client: Client): Destination
  /** What an error of the client itself means; `undefined` for a reply of the server, and for what it does not know. */
  classify(cause: unknown): Classification | undefined
}
