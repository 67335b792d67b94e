import { type ClusterCalls, type RedisAddress, clusterCalls } from '@cairnkit/redis-kernel/connections'
import { type Call, type Caller, call, channelOf } from './calls.js'

/** One node of a cluster: a client of its own. */
export interface NodeLike extends Caller {
  readonly status: string
  readonly options: { readonly host?: string | undefined; readonly port?: number | undefined }
}

export interface ClusterLike extends Caller {
  /** By slot, the addresses of its primary and its replicas. */
  readonly slots: readonly (readonly string[] | undefined)[]
  nodes(role: 'all' | 'master'): NodeLike[]
  /** Learns who owns each slot. */
  refreshSlotsCache(): void
}

/** The connections of a cluster, one for each node, which is known here by the address that it is mapped to. */
export function callsOf(
  locate: (cluster: ClusterLike, announced: string) => RedisAddress | undefined,
  send: Call = call,
): ClusterCalls<ClusterLike> {
  const nodeAt = (cluster: ClusterLike, address: string | undefined): NodeLike | undefined => {
    const mapped = address === undefined ? undefined : locate(cluster, address)
    const wanted = mapped === undefined ? address : `${mapped.host}:${mapped.port}`
    return cluster.nodes('all').find(({ options: { host, port } }) => `${host}:${port}` === wanted)
  }
  return clusterCalls<ClusterLike, NodeLike>({
    send: (cluster, _key, command) => send(cluster, command),
    primaries: (cluster) => cluster.nodes('master'),
    ownerOf: (cluster, slot) => nodeAt(cluster, cluster.slots[slot]?.[0]),
    nodeAt,
    connection: (node) => node,
    channel: (_cluster, node) => channelOf(node, send),
    standing: (node) => (node.status === 'ready' ? channelOf(node, send) : undefined),
  })
}
