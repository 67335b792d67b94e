import type { Classification } from '@cairnkit/core/driver'

/** A command: its name and its arguments. Text is sent as UTF-8, and bytes are sent unchanged. */
export type RedisCommand = readonly [name: string, ...args: (string | Uint8Array)[]]

/** A reply. Bulk and simple strings are bytes; nothing is decoded. */
export type RedisReply = Uint8Array | number | null | readonly RedisReply[]

/** The outcome of a WAIT or WAITAOF. */
export type WaitOutcome =
  { readonly ok: true; readonly reply: RedisReply } | { readonly ok: false; readonly cause: unknown }

/** The reply to a command, and the outcome of the WAIT behind it. */
export interface WaitedReply {
  readonly reply: RedisReply
  /** Never rejects. */
  readonly waited: Promise<WaitOutcome>
}

/** The options of a call of a transport; `timeoutMs` is in milliseconds. */
export interface TransportCallOptions {
  readonly signal?: AbortSignal
  readonly timeoutMs: number
}

export interface ConnectOptions extends TransportCallOptions {
  /**
   * Whether somebody who has the time waits for it: then it goes on for as long as bytes come, and `timeoutMs` is how long
   * none may come. @default nobody
   */
  readonly isWaitedFor?: () => boolean
}

/** How far it is with a command that was sent and is not answered. */
export interface Progress {
  /** How long it has waited, in milliseconds in which this process ran. */
  readonly waitedMs: number
  /** What has come on its connection since; `undefined` where a client does not show it. */
  readonly receivedBytes: number | undefined
  /** How many commands are to be answered before it. */
  readonly ahead: number
}

/** One primary of the deployment, for maintenance that must visit all of them. */
export interface RedisPrimary {
  send(command: RedisCommand): Promise<RedisReply>
}

/**
 * Sends commands to the primary that owns a key. It is the wall between the two halves of the kernel: the storage half uses it,
 * and `createTransport` of the connection half makes one from a client package. It has no storage logic. The storage half gives
 * each call a deadline, because clients can leave a promise pending for ever. A transport leaves a connection whose server is
 * silent, so that the call can be repeated within its time.
 */
export interface RedisTransport {
  /** The name of the driver in messages and metrics. */
  readonly name: string

  /**
   * Connects its own clients, or checks that an existing client is usable. If that does not succeed in time, it rejects with an
   * error that {@link classify} can classify (wrong password, unreachable). It may be repeated.
   */
  connect(options: ConnectOptions): Promise<void>

  /** Closes what it opened. An existing client is left open, and the listeners of this transport are removed from it. */
  close(): Promise<void>

  /**
   * Sends one command, in this tick, to the primary that owns `key`. It follows `MOVED` and `ASK`. It never sends a command
   * again that may have been applied: without an answer, the promise rejects.
   */
  send(key: Uint8Array, command: RedisCommand): Promise<RedisReply>

  /**
   * Sends a command as {@link send} does, and `wait` (a WAIT or WAITAOF) behind it on the same connection, so that the answer
   * is about this command. Commands of one tick may share an equal `wait`. The promise settles with the reply of the command;
   * the outcome of `wait` comes later. A command that cannot be sent within `timeoutMs` is not sent at all.
   */
  sendThenWait(
    key: Uint8Array,
    command: RedisCommand,
    wait: RedisCommand,
    options: Pick<TransportCallOptions, 'timeoutMs'>,
  ): Promise<WaitedReply>

  /** How far it is with the oldest command for `key` that is not answered. For messages. */
  progress(key: Uint8Array): Progress | undefined

  /** Returns all current primaries. */
  primaries(): Promise<readonly RedisPrimary[]>

  /**
   * Says what an error of the client library means (connection lost, queue full, no Sentinel answers). Returns `undefined` for
   * an error reply of the server, which the kernel classifies, and for an unknown error.
   */
  classify(cause: unknown): Classification | undefined
}
