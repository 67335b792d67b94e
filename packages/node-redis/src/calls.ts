import {
  type Channel,
  type RedisCommand,
  type RedisReply,
  wireArgument,
} from '@cairnkit/redis-kernel/connections'

/** What can send a command. What goes before the arguments depends on its kind. */
export interface Caller {
  sendCommand(...routeAndCommand: unknown[]): Promise<unknown>
}

/** Passed with every command, because a client that was brought may say otherwise. */
const settings = Object.freeze({
  // By the bytes that RESP marks types with, $ + = % ~: strings as bytes, maps and sets as lists.
  typeMapping: { 36: Buffer, 43: Buffer, 61: Buffer, 37: Array, 126: Array },
  // The client's own limit costs a timer per command, and does not end a command that was written.
  timeout: undefined,
  abortSignal: undefined,
  // Commands of one partition keep their order.
  asap: false,
})

/** `route` is nothing for a client, `false` (not a read) for a Sentinel; see `callCluster`. */
export function call(caller: Caller, command: RedisCommand, ...route: unknown[]): Promise<RedisReply> {
  return caller.sendCommand(...route, command.map(wireArgument), settings) as Promise<RedisReply>
}

/**
 * Commands of one tick leave one behind the other. As a chain, those that a connection was lost before are refused, and
 * not sent over the next one.
 */
export function channelOf(client: Caller): Channel {
  return {
    connection: client,
    send: (commands) => {
      const chained = { ...settings, chainId: Symbol('waits') }
      return commands.map(
        async (command) => (await client.sendCommand(command.map(wireArgument), chained)) as RedisReply,
      )
    },
  }
}
