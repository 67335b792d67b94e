import type {
  ConnectOptions,
  Progress,
  RedisCommand,
  RedisPrimary,
  RedisReply,
  WaitedReply,
} from '../../redis-transport.js'
import type { Channel } from '../sending/channel.js'
import type { Channels, ThenWait } from '../sending/send-then-wait.js'

/** A client, our own or one that was given, on which commands travel in the order in which they were sent. */
export interface ClientHandle {
  connect(options: ConnectOptions): Promise<void>
  close(): Promise<void>
  send(key: Uint8Array, command: RedisCommand): Promise<RedisReply>
  sendThenWait(sent: ThenWait): Promise<WaitedReply>
  progress(key: Uint8Array): Progress | undefined
  primaries(): Promise<readonly RedisPrimary[]>
}

/** How commands are sent by a client. */
export interface ClientCalls<Client> extends Channels<Client> {
  /** The server or servers in messages, without credentials. */
  readonly target: string
  /** Whether a command would be sent now. A command that would be queued is refused, because it might be applied much later. */
  isReady(client: Client): boolean
  /** Sends a command to the primary that owns `key`. */
  send(client: Client, key: Uint8Array, command: RedisCommand): Promise<RedisReply>
  /** The object that stands for the connection that a command for `key` uses now. @default the client */
  connection?(client: Client, key: Uint8Array): object | undefined
  /** The open connections. Each gets a PING from time to time, which keeps it alive and shows whether its server answers. */
  channels(client: Client): readonly Channel[]
  /** All primaries of a Cluster. @default the one server of the client */
  primaries?(client: Client): readonly RedisPrimary[]
}

/** The one primary of a client that leads to one. */
export function onlyPrimary(client: ClientHandle): readonly RedisPrimary[] {
  return [{ send: (command) => client.send(new Uint8Array(), command) }]
}
