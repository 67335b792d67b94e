import type { Classification } from '@cairnkit/core/driver'

/** A command: its name and its arguments. Text is sent as UTF-8, bytes as they are. */
export type RedisCommand = readonly [name: string, ...args: (string | Uint8Array)[]]

/** A reply, binary safe: bulk and simple strings are bytes, nothing is decoded. */
export type RedisReply = Uint8Array | number | null | readonly RedisReply[]

/** What became of a WAIT. */
export type WaitOutcome =
  { readonly ok: true; readonly reply: RedisReply } | { readonly ok: false; readonly cause: unknown }

export interface WaitedReply {
  readonly reply: RedisReply
  /** Never rejects. */
  readonly waited: Promise<WaitOutcome>
}

export interface TransportCallOptions {
  readonly signal?: AbortSignal
  readonly timeoutMs: number
}

/** One primary of the deployment, for maintenance that must see them all. */
export interface RedisPrimary {
  send(command: RedisCommand): Promise<RedisReply>
}

/**
 * All that a client package supplies. No storage logic lives here. The kernel bounds every call as a whole, because both
 * clients can leave a promise pending for ever; a transport leaves a connection whose server is silent, so that the call
 * can be made again in its time.
 */
export interface RedisTransport {
  /** The name of the driver, for messages and metrics. */
  readonly name: string

  /**
   * Connects what it owns, or makes sure that a client that it was given is usable, and rejects if that cannot be done in time:
   * with the client's own error, which {@link classify} can tell apart (wrong password, unreachable). May be repeated.
   */
  connect(options: TransportCallOptions): Promise<void>

  /** Ends what it opened; a client that it was given is left as it was, listeners of this transport removed. */
  close(): Promise<void>

  /**
   * Sends one command, in this tick, to the primary that owns `key`. `MOVED` and `ASK` are followed. A command is
   * never applied twice: what was sent and not answered rejects.
   */
  send(key: Uint8Array, command: RedisCommand): Promise<RedisReply>

  /**
   * Sends a command as {@link send} does, and `wait` (a WAIT or WAITAOF) behind it on the same connection, so that it
   * speaks of this command. Commands of one tick may share one `wait` that is equal. Settles as the command
   * does; what became of the waiting comes later. What cannot be sent within `timeoutMs` is not sent any more.
   */
  sendThenWait(
    key: Uint8Array,
    command: RedisCommand,
    wait: RedisCommand,
    options: Pick<TransportCallOptions, 'timeoutMs'>,
  ): Promise<WaitedReply>

  /** Every primary there is now. */
  primaries(): Promise<readonly RedisPrimary[]>

  /**
   * What an error of the client itself means (connection lost, queue full, no Sentinel answers). `undefined` for an
   * error reply of the server, which the kernel classifies, and for what it does not know.
   */
  classify(cause: unknown): Classification | undefined
}
