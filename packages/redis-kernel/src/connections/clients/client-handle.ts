import type {
  RedisCommand,
  RedisPrimary,
  RedisReply,
  TransportCallOptions,
  WaitedReply,
} from '../../redis-transport.js'
import type { Channel } from '../sending/channel.js'
import type { Channels, ThenWait } from '../sending/send-then-wait.js'

/** A client, our own or one that was given, on which commands travel in the order in which they were sent. */
export interface ClientHandle {
  connect(options: TransportCallOptions): Promise<void>
  close(): Promise<void>
  send(key: Uint8Array, command: RedisCommand): Promise<RedisReply>
  sendThenWait(sent: ThenWait): Promise<WaitedReply>
  primaries(): Promise<readonly RedisPrimary[]>
}

/** How commands get onto a client. */
export interface ClientCalls<Client> extends Channels<Client> {
  /** Where it leads, without credentials, for messages. */
  readonly target: string
  /** Whether a command would be sent now. One that would be queued is refused: it might be applied much later. */
  isReady(client: Client): boolean
  send(client: Client, key: Uint8Array, command: RedisCommand): Promise<RedisReply>
  /** What a command for `key` travels on now, of a client that has several connections. @default the client */
  connection?(client: Client, key: Uint8Array): object | undefined
  /** The connections that stand now. Each is kept alive, and asked now and then whether its server is still there. */
  channels(client: Client): readonly Channel[]
  /** Every primary of a cluster. @default the one that the client leads to */
  primaries?(client: Client): readonly RedisPrimary[]
}

/** The one primary of a client that leads to one. */
export function onlyPrimary(client: ClientHandle): readonly RedisPrimary[] {
  return [{ send: (command) => client.send(new Uint8Array(), command) }]
}
