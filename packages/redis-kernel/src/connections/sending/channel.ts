import type { RedisCommand, RedisReply } from '../../redis-transport.js'

/** A connection to one server, on which commands that are sent in one tick travel together and in their order. */
export interface Channel {
  /** The same object for all channels of one connection, where a command that waits delays the commands of all. */
  readonly connection: object
  /** Sends the commands in this tick, and returns one promise for each. Never throws. */
  send(commands: readonly RedisCommand[]): readonly Promise<RedisReply>[]
}

/** How the channels of a cluster are found when a server says that it is not the one. */
export interface Redirection<Client> {
  /** Has the client find out who owns `key`. */
  learn(client: Client, key: Uint8Array): Promise<void>
  /** The channel to the primary at this address, as the servers announce it; `undefined` if the client knows none. */
  at(client: Client, address: string): Promise<Channel | undefined>
}
