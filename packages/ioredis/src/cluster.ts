import {
  type ClusterSettings,
  type OwnClientKind,
  addressList,
  proveAlive,
} from '@cairnkit/redis-kernel/connections'
import { Cluster, type Redis, type RedisOptions } from 'ioredis'
import { call } from './calls.js'
import { callsOf } from './cluster-calls.js'
import { coalesceWrites } from './coalesce-writes.js'
import { disconnect, nodeOptions, retryStrategy } from './node-options.js'

/** A Redis Cluster: ioredis finds the node that owns a key and follows MOVED and ASK. */
export function clusterClient(settings: ClusterSettings): OwnClientKind<Cluster> {
  const { nodes, addressMap, tls, attemptTimeoutMs } = settings
  return {
    target: `the cluster at ${addressList(nodes)}`,
    create: (log, ended) => {
      const cluster = new Cluster(
        nodes.map(({ host, port }) => ({ host, port })),
        {
          lazyConnect: true,
          // CLUSTER INFO: a cluster that cannot serve says so to every command.
          enableReadyCheck: false,
          scaleReads: 'master',
          // Above 0, a command whose reply was lost is sent again.
          retryDelayOnFailover: 0,
          // The caller waits and repeats, with jitter and within its deadline.
          retryDelayOnClusterDown: 0,
          slotsRefreshTimeout: attemptTimeoutMs,
          clusterRetryStrategy: retryStrategy(log),
          // Leaves names to the socket: the certificate of a node is for its name, not for its address.
          dnsLookup: (hostname, done) => done(null, hostname),
          ...(addressMap === undefined ? {} : { natMap: { ...addressMap } }),
          redisOptions: { ...nodeOptions(settings), ...(tls === undefined ? {} : { tls }) },
        },
      )
      cluster.on('error', log.note)
      cluster.on('node error', log.note)
      cluster.on('ready', () => log.ready())
      if (ended !== undefined) cluster.once('end', ended)
      cluster.on('+node', prepareNode)
      return cluster
    },
    open: async (cluster) => {
      await cluster.connect()
      // One shard that is down must not keep the others from being used: its commands fail by themselves.
      const ping = async (node: Redis): Promise<unknown> => {
        await settled(node)
        return await call(node, ['PING'])
      }
      await proveAlive(cluster.nodes('master'), attemptTimeoutMs, ping, (node) => node.disconnect())
    },
    isReady: (cluster) => cluster.status === 'ready',
    ...callsOf(addressMap),
    destroy: disconnect,
  }
}

function settled(node: Redis): Promise<void> {
  return new Promise((resolve) => {
    if (node.status === 'ready') resolve()
    node.once('ready', () => resolve())
    node.once('end', () => resolve())
  })
}

/** Makes a node's connection tell apart what ioredis does not. */
function prepareNode(node: Redis): void {
  coalesceWrites(node)
  // ioredis switches the queue on for nodes, so that "Connection is closed." would be said to commands that were
  // never sent as well as to those that were. Without it, the former are refused at once.
  node.options.enableOfflineQueue = false
  // ioredis sends ASKING without listening to its promise: a node lost in that moment would end the process.
  const asking = node.asking.bind(node) as () => Promise<'OK'>
  const duplicate = node.duplicate.bind(node)
  Object.assign(node, {
    asking: (): Promise<'OK'> => {
      const sent = asking()
      sent.catch(() => undefined)
      return sent
    },
    // When no primary is left, ioredis asks a replica. Told READONLY, it would answer with what it has, which may be old;
    // otherwise it says who owns the key.
    readonly: (): Promise<'OK'> => Promise.resolve('OK'),
    // What asks for the slots: over a copy of any node's connection, and a replica's would tell it READONLY first.
    duplicate: (options: Partial<RedisOptions>): Redis => duplicate({ ...options, readOnly: false }),
  })
  // Otherwise the first command would find a node that is not connected. A failure is reported by `node error`.
  if (node.options.readOnly !== true) node.connect().catch(() => undefined)
}
