import { type RedisCommand, type RedisReply, wireArgument } from '@cairnkit/redis-kernel'

type Arguments = readonly (string | Buffer)[]

/** A client or a pool. */
export interface Caller {
  sendCommand(args: Arguments, settings: object): Promise<unknown>
}

export interface SentinelCaller {
  sendCommand(isReadonly: boolean, args: Arguments, settings: object): Promise<unknown>
}

export interface ClusterCaller {
  readonly masters: readonly object[]
  nodeClient(node: object): Promise<Caller>
  sendCommand(
    key: Buffer | undefined,
    isReadonly: boolean,
    args: Arguments,
    settings: object,
  ): Promise<unknown>
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

export async function call(caller: Caller, command: RedisCommand): Promise<RedisReply> {
  return (await caller.sendCommand(command.map(wireArgument), settings)) as RedisReply
}

export async function callSentinel(caller: SentinelCaller, command: RedisCommand): Promise<RedisReply> {
  return (await caller.sendCommand(false, command.map(wireArgument), settings)) as RedisReply
}

/** To the node that owns `key`; without a key to any node. */
export async function callCluster(
  caller: ClusterCaller,
  key: Uint8Array | undefined,
  command: RedisCommand,
): Promise<RedisReply> {
  const route = key === undefined ? undefined : (wireArgument(key) as Buffer)
  return (await caller.sendCommand(route, false, command.map(wireArgument), settings)) as RedisReply
}
