import {
  type AddressMap,
  type Channel,
  type Channels,
  ConnectionLog,
  type RedisCommand,
  type RedisReply,
  hashSlot,
} from '@cairnkit/redis-kernel'
import { type Caller, call, channelOf } from './calls.js'

/** One node of a cluster: a client of its own. */
export interface NodeLike extends Caller {
  readonly options: { readonly host?: string | undefined; readonly port?: number | undefined }
}

export interface ClusterLike extends Caller {
  /** By slot, the addresses of its primary and its replicas. */
  readonly slots: readonly (readonly string[] | undefined)[]
  nodes(role: 'all' | 'master'): NodeLike[]
  /** Learns who owns each slot. */
  refreshSlotsCache(): void
}

/** The connections of a cluster, one for each primary. */
export function clusterChannels<Client extends ClusterLike>(
  addressMap: AddressMap | undefined,
  send: (caller: Caller, command: RedisCommand) => Promise<RedisReply> = call,
): Required<Channels<Client>> {
  const at = (cluster: ClusterLike, address: string | undefined): Channel | undefined => {
    const mapped = address === undefined ? undefined : addressMap?.[address]
    const wanted = mapped === undefined ? address : `${mapped.host}:${mapped.port}`
    const node = cluster.nodes('all').find(({ options: { host, port } }) => `${host}:${port}` === wanted)
    return node === undefined ? undefined : channelOf(node, send)
  }
  const owner = (cluster: ClusterLike, key: Uint8Array): Channel | undefined =>
    at(cluster, cluster.slots[hashSlot(key)]?.[0])
  // A command that is routed by the client: it follows MOVED, and asks for the slots anew.
  const learn = async (cluster: ClusterLike, key: Uint8Array): Promise<void> => {
    await send(cluster, ['ZCARD', key])
  }
  return {
    channel: (cluster, key) =>
      owner(cluster, key) ?? learn(cluster, key).then(() => found(owner(cluster, key))),
    redirection: { learn, at: (cluster, address) => Promise.resolve(at(cluster, address)) },
  }
}

function found(channel: Channel | undefined): Channel {
  if (channel !== undefined) return channel
  throw new ConnectionLog().fault('Not connected to the owner of the slot')
}
