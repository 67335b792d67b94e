import { serverErrorCode } from '../../storage/index.js'
import type { RedisCommand, RedisReply } from '../../redis-transport.js'
import type { Channel } from '../sending/channel.js'
import { addressList, greet } from './connecting.js'
import type { OwnClientKind } from './own-client.js'
import type { RedisAddress, SocketPath } from '../options/options.js'

/** What is special to a client of one server in one library. */
export interface SingleServer<Client> extends Pick<
  OwnClientKind<Client>,
  'create' | 'isReady' | 'receivedBytes' | 'destroy'
> {
  send(client: Client, command: RedisCommand): Promise<RedisReply>
  channel(client: Client): Channel
  subscribe: SingleServerClient<Client>['subscribe']
}

/** The kind of a client for one server. */
export interface SingleServerClient<Client> extends OwnClientKind<Client> {
  /** Subscribes; from then on the client only listens. Rejects if it may not subscribe or is not connected. */
  subscribe(client: Client, channels: readonly string[], hear: Hear): Promise<void>
}

export type Hear = (channel: string, message: string) => void

/** Makes the kind of a client for the server at `address`. The client counts as open when the server has answered. */
export function singleServer<Client extends { connect(): Promise<unknown> }>(
  address: RedisAddress | SocketPath,
  kind: SingleServer<Client>,
): SingleServerClient<Client> {
  return {
    ...kind,
    target: addressList([address]),
    open: async (client) => {
      await client.connect()
      await greet(kind.send(client, ['PING']))
    },
    leaves: isNoPrimary,
    send: (client, _key, command) => kind.send(client, command),
    channel: (client) => kind.channel(client),
    channels: (client) => (kind.isReady(client) ? [kind.channel(client)] : []),
    silent: () => 'replace',
  }
}

const NO_PRIMARY: ReadonlySet<string | undefined> = new Set(['READONLY', 'MASTERDOWN', 'LOADING'])

/**
 * What a server says that is a replica, or loads what another one sends to it. When it was the primary, connections to it
 * stand, and over them it would go on to say so after its name has come to lead to another one.
 */
export function isNoPrimary(cause: unknown): boolean {
  return NO_PRIMARY.has(serverErrorCode(cause))
}
