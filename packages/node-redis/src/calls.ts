import { type RedisCommand, type RedisReply, wireArgument } from '@cairnkit/redis-kernel'

/** Passed with every command, because the settings of a client that was brought may say otherwise. */
interface CallSettings {
  readonly typeMapping: Readonly<Record<number, unknown>>
  /** The client's own default costs a timer per command, and does not end a command that was written. */
  readonly timeout: undefined
  readonly abortSignal: undefined
  /** Commands of one partition keep their order. */
  readonly asap: false
}

type Arguments = readonly (string | Buffer)[]

/** A client or a pool. */
export interface Caller {
  sendCommand(args: Arguments, settings: CallSettings): Promise<unknown>
}

export interface SentinelCaller {
  sendCommand(isReadonly: boolean, args: Arguments, settings: CallSettings): Promise<unknown>
}

export interface ClusterCaller {
  readonly masters: readonly object[]
  nodeClient(node: object): Promise<Caller>
  sendCommand(key: Buffer, isReadonly: boolean, args: Arguments, settings: CallSettings): Promise<unknown>
}

/** By the type bytes of RESP, which are the same in every version: strings as bytes, maps and sets as lists. */
const typeMapping: CallSettings['typeMapping'] = Object.freeze({
  [byte('$')]: Buffer,
  [byte('+')]: Buffer,
  [byte('=')]: Buffer,
  [byte('%')]: Array,
  [byte('~')]: Array,
})

const settings: CallSettings = Object.freeze({
  typeMapping,
  timeout: undefined,
  abortSignal: undefined,
  asap: false,
})

function byte(character: string): number {
  return character.charCodeAt(0)
}

export async function call(caller: Caller, command: RedisCommand): Promise<RedisReply> {
  return (await caller.sendCommand(command.map(wireArgument), settings)) as RedisReply
}

export async function callSentinel(caller: SentinelCaller, command: RedisCommand): Promise<RedisReply> {
  return (await caller.sendCommand(false, command.map(wireArgument), settings)) as RedisReply
}

export async function callCluster(
  caller: ClusterCaller,
  key: Uint8Array,
  command: RedisCommand,
): Promise<RedisReply> {
  const route = wireArgument(key) as Buffer
  return (await caller.sendCommand(route, false, command.map(wireArgument), settings)) as RedisReply
}

/** An answer, whatever it is, shows that this is Redis and that the credentials are right. */
export async function greet(ping: Promise<unknown>): Promise<void> {
  try {
    await ping
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOPERM'))) throw error
  }
}
