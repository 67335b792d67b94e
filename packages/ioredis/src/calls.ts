import {
  type Channel,
  type RedisCommand,
  type RedisReply,
  wireArgument,
} from '@cairnkit/redis-kernel/connections'

/** What can send a command: a client, a cluster, a node of a cluster. */
export interface Caller {
  callBuffer(command: string, args: (string | Buffer | number)[]): Promise<unknown>
}

/**
 * `callBuffer` gives bytes whatever the client's `replyMapping` and protocol say. Never a pipeline: on a cluster it
 * answers null for keys that exist while their slot moves.
 */
export function call(caller: Caller, [name, ...args]: RedisCommand): Promise<RedisReply> {
  return caller.callBuffer(name, args.map(wireArgument)) as Promise<RedisReply>
}

export type Call = typeof call

/** Commands of one tick are written one behind the other: nothing reconnects in between. */
export function channelOf(caller: Caller, send: Call = call): Channel {
  return { connection: caller, send: (commands) => commands.map((command) => send(caller, command)) }
}

/** For a client with `stringNumbers`: with `callBuffer`, what is text can only be a number. */
export function withNumbers(reply: RedisReply | string): RedisReply {
  if (typeof reply === 'string') return Number(reply)
  return Array.isArray(reply) ? (reply as readonly RedisReply[]).map(withNumbers) : reply
}
