import type { RedisCommand, RedisReply } from '../redis-transport.js'
import type { Channel } from './channel.js'
import { addressList, greet } from './connecting.js'
import type { OwnedClient } from './lane.js'
import type { RedisAddress } from './options.js'

/** What is particular to a client of one server. */
export interface SingleServer<Client> extends Pick<
  OwnedClient<Client>,
  'create' | 'isReady' | 'destroy' | 'hanging'
> {
  send(client: Client, command: RedisCommand): Promise<RedisReply>
  channel(client: Client): Channel
}

/** A client of the server at `address`, which is open when the server has answered. */
export function singleServer<Client extends { connect(): Promise<unknown> }>(
  address: RedisAddress,
  kind: SingleServer<Client>,
): OwnedClient<Client> {
  return {
    ...kind,
    target: addressList([address]),
    open: async (client) => {
      await client.connect()
      await greet(kind.send(client, ['PING']))
    },
    send: (client, _key, command) => kind.send(client, command),
    channel: (client) => kind.channel(client),
  }
}
