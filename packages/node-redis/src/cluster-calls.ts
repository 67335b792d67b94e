import {
  type ClusterCalls,
  type RedisCommand,
  type RedisReply,
  clusterCalls,
  wireArgument,
} from '@cairnkit/redis-kernel/connections'
import { type Caller, call, channelOf } from './calls.js'

export interface ClusterNode {
  /** As the servers announce it, `host:port`. */
  readonly address?: string
  /** Made when it is needed. */
  client?: Caller & { readonly isReady: boolean }
}

export interface ClusterCaller<Node extends ClusterNode = ClusterNode> extends Caller {
  readonly masters: readonly Node[]
  readonly slots: readonly ({ readonly master: Node } | undefined)[]
  nodeClient(node: ClusterNode): Promise<Caller>
}

/** The connections of a cluster, one for each primary. */
export const calls: ClusterCalls<ClusterCaller> = clusterCalls<ClusterCaller, ClusterNode>({
  send: callCluster,
  primaries: (cluster) => cluster.masters,
  ownerOf: (cluster, slot) => cluster.slots[slot]?.master,
  nodeAt: (cluster, address) => cluster.masters.find((master) => master.address === address),
  connection: (node) => node.client,
  channel: async (cluster, node) => channelOf(await cluster.nodeClient(node)),
  standing: ({ client }) => (client?.isReady === true ? channelOf(client) : undefined),
})

/** To the node that owns `key`; without a key to any node. */
export function callCluster(
  cluster: ClusterCaller,
  key: Uint8Array | undefined,
  command: RedisCommand,
): Promise<RedisReply> {
  return call(cluster, command, key === undefined ? undefined : wireArgument(key), false)
}
