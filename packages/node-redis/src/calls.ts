import { type RedisCommand, type RedisPrimary, type RedisReply, wireArgument } from '@cairnkit/redis-kernel'

/** What can send a command. What goes before the arguments depends on its kind. */
export interface Caller {
  sendCommand(...routeAndCommand: unknown[]): Promise<unknown>
}

export interface ClusterCaller extends Caller {
  readonly masters: readonly object[]
  nodeClient(node: object): Promise<Caller>
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
export async function call(caller: Caller, command: RedisCommand, ...route: unknown[]): Promise<RedisReply> {
  return (await caller.sendCommand(...route, command.map(wireArgument), settings)) as RedisReply
}

/** To the node that owns `key`; without a key to any node. */
export function callCluster(
  cluster: ClusterCaller,
  key: Uint8Array | undefined,
  command: RedisCommand,
): Promise<RedisReply> {
  return call(cluster, command, key === undefined ? undefined : wireArgument(key), false)
}

export function primariesOf(cluster: ClusterCaller): readonly RedisPrimary[] {
  return cluster.masters.map((node) => ({
    send: async (command) => call(await cluster.nodeClient(node), command),
  }))
}
