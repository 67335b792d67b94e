import {
  type Channel,
  type RedisCommand,
  type RedisPrimary,
  type RedisReply,
  wireArgument,
} from '@cairnkit/redis-kernel'

/** What can send a command. What goes before the arguments depends on its kind. */
export interface Caller {
  sendCommand(...routeAndCommand: unknown[]): Promise<unknown>
}

export interface ClusterNode {
  /** As the servers announce it, `host:port`. */
  readonly address?: string
}

export interface ClusterCaller extends Caller {
  readonly masters: readonly ClusterNode[]
  readonly slots: readonly ({ readonly master: object } | undefined)[]
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

/**
 * Commands of one tick leave one behind the other. As a chain, those that a connection was lost before are refused, and
 * not sent over the next one.
 */
export function channelOf(client: Caller): Channel {
  return { connection: client, send: (commands) => sendChain(client, commands) }
}

/**
 * Commands on one connection of a Sentinel or a pool, which choose a connection for each call. `lease` calls back with
 * a client that is ours until what it returned settles.
 */
export function leasedChannelOf(
  connection: object,
  lease: (work: (client: Caller) => Promise<unknown>) => Promise<unknown>,
): Channel {
  return {
    connection,
    send: (commands) => {
      const begun = new Promise<readonly Promise<RedisReply>[]>((resolve, reject) => {
        const work = async (client: Caller): Promise<void> => {
          const sent = sendChain(client, commands)
          resolve(sent)
          await Promise.allSettled(sent)
          // A Sentinel looks for another primary when it sees a command fail.
          await sent[0]
        }
        // Once it has begun, each command tells of itself.
        lease(work).catch(reject)
      })
      return commands.map(async (_command, at) => (await (await begun)[at]) ?? null)
    },
  }
}

function sendChain(client: Caller, commands: readonly RedisCommand[]): Promise<RedisReply>[] {
  const chained = { ...settings, chainId: Symbol('waits') }
  return commands.map(
    async (command) => (await client.sendCommand(command.map(wireArgument), chained)) as RedisReply,
  )
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
