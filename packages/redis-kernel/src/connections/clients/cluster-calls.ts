import { hashSlot } from '../../storage/index.js'
import type { RedisCommand, RedisReply } from '../../redis-transport.js'
import type { Channel } from '../sending/channel.js'
import { ConnectionLog } from '../failures/connection-log.js'
import type { ClientCalls } from './client-handle.js'

/** What is special to a Cluster client of one library: how it names its nodes, and how it sends to them. */
export interface ClusterNodes<Client, Node> {
  /** Sends a command that the client routes. The client follows MOVED, and then reads the slots again. */
  send(client: Client, key: Uint8Array, command: RedisCommand): Promise<RedisReply>
  primaries(client: Client): readonly Node[]
  /** The primary that owns a slot, as far as the client knows. */
  ownerOf(client: Client, slot: number): Node | undefined
  /** The node at this address, as the servers announce it. */
  nodeAt(client: Client, address: string): Node | undefined
  /** The object that stands for the connection to a node, once it is connected. */
  connection(node: Node): object | undefined
  /** A separate connection to a node. */
  channel(client: Client, node: Node): Channel | Promise<Channel>
  /** The connection to a node, if it is open now. */
  standing(node: Node): Channel | undefined
}

/** How commands are sent to a Cluster. */
export type ClusterCalls<Client> = Required<Omit<ClientCalls<Client>, 'target' | 'isReady'>>

/** Makes the calls of a Cluster client from what is special to its library. */
export function clusterCalls<Client, Node>(nodes: ClusterNodes<Client, Node>): ClusterCalls<Client> {
  const to = (client: Client, node: Node | undefined): Channel | Promise<Channel> | undefined =>
    node === undefined ? undefined : nodes.channel(client, node)
  const ownerOf = (client: Client, key: Uint8Array): Node | undefined => nodes.ownerOf(client, hashSlot(key))
  const owner = (client: Client, key: Uint8Array): Channel | Promise<Channel> | undefined =>
    to(client, ownerOf(client, key))
  const learn = async (client: Client, key: Uint8Array): Promise<void> => {
    await nodes.send(client, key, ['ZCARD', key])
  }
  return {
    send: (client, key, command) => nodes.send(client, key, command),
    connection: (client, key) => {
      const node = ownerOf(client, key)
      return node === undefined ? undefined : nodes.connection(node)
    },
    channel: (client, key) => owner(client, key) ?? learn(client, key).then(() => found(owner(client, key))),
    redirection: { learn, at: async (client, address) => await to(client, nodes.nodeAt(client, address)) },
    channels: (client) => nodes.primaries(client).flatMap((node) => nodes.standing(node) ?? []),
    primaries: (client) =>
      nodes
        .primaries(client)
        .map((node) => ({ send: (command) => sendTo(nodes.channel(client, node), command) })),
  }
}

async function sendTo(channel: Channel | Promise<Channel>, command: RedisCommand): Promise<RedisReply> {
  const [reply] = (await channel).send([command])
  return (await reply) ?? null
}

function found(channel: Channel | Promise<Channel> | undefined): Channel | Promise<Channel> {
  if (channel !== undefined) return channel
  throw new ConnectionLog().fault('Not connected to the owner of the slot')
}
