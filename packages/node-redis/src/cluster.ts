import {
  type ClusterSettings,
  type ConnectionLog,
  type OwnedClient,
  addressList,
  silenceMs,
} from '@cairnkit/redis-kernel'
import { createCluster } from 'redis'
import { type ClusterCaller, type ClusterNode, callCluster, primariesOf } from './calls.js'
import { clusterChannels } from './cluster-channels.js'
import { classifyNodeRedisError, isOffline } from './errors.js'
import { nodeOptions, reconnectNode, socketOptions, withTls } from './node-options.js'

interface Node extends ClusterNode {
  client?: { readonly isOpen: boolean }
}

interface Client extends ClusterCaller {
  readonly masters: readonly Node[]
  connect(): Promise<unknown>
  destroy(): void
}

/** A Redis Cluster: node-redis finds the node that owns a key and follows MOVED and ASK. */
export function clusterClient(settings: ClusterSettings): OwnedClient<Client> {
  const { nodes, addressMap, attemptTimeoutMs, tls } = settings
  const target = `the cluster at ${addressList(nodes)}`
  return {
    target,
    create: (log) => {
      const cluster = createCluster({
        // Short, so that a node that hangs does not use up the time of the others.
        rootNodes: nodes.map(({ host, port }) => ({
          socket: { host, port, socketTimeout: attemptTimeoutMs },
        })),
        RESP: 2,
        // Nodes are connected when they are needed: a shard that is down must not keep the others from being used.
        minimizeConnections: true,
        // How soon after a lost connection the other nodes are asked who took over.
        topologyRefreshOnReconnectionAttemptStrategy: 100,
        ...(addressMap === undefined ? {} : { nodeAddressMap: { ...addressMap } }),
        defaults: {
          ...nodeOptions(settings),
          socket: { ...socketOptions(settings, reconnectNode), ...withTls(tls) },
        },
      })
      const client = cluster as unknown as Client
      logs.set(client, log)
      cluster.on('error', log.note)
      cluster.on('node-ready', () => log.ready())
      cluster.on('node-error', (error: unknown) => {
        log.note(error)
        dropEnded(client)
      })
      return client
    },
    open: async (client) => {
      await client.connect()
      await Promise.allSettled(client.masters.map((node) => client.nodeClient(node)))
    },
    isReady: () => true,
    send: (client, key, command) =>
      callCluster(client, key, command).catch((error: unknown) => {
        lookElsewhereAfter(client, key, error)
        // What keeps the node from being connected (a changed password) is known from its events alone.
        throw isOffline(error) ? (logs.get(client)?.fault(`Not connected to ${target}`) ?? error) : error
      }),
    ...clusterChannels<Client>(lookElsewhereAfter),
    primaries: primariesOf,
    destroy: async (client) => {
      dropEnded(client)
      client.destroy()
    },
    hanging: {
      afterMs: silenceMs(settings),
      notice: (client, key) => {
        lookElsewhere(client, key)
        return 'keep'
      },
    },
  }
}

/** node-redis 5 does not ask by itself who took over from a node that it cannot reach. */
function lookElsewhereAfter(client: Client, key: Uint8Array, error: unknown): void {
  if (classifyNodeRedisError(error) !== undefined) lookElsewhere(client, key)
}

const logs = new WeakMap<Client, ConnectionLog>()
const looking = new WeakSet<Client>()

/**
 * Asks every node for a key whose owner gives no answer: one that does not own it answers with who does, and that
 * makes the client learn the slots anew and drop a node that has lost them.
 */
function lookElsewhere(client: Client, key: Uint8Array): void {
  if (looking.has(client)) return
  looking.add(client)
  setTimeout(() => looking.delete(client), 100).unref()
  // Their answers are of no interest, and the one that hangs gives none.
  client.masters.forEach(() => {
    callCluster(client, undefined, ['ZCARD', key]).catch(() => undefined)
  })
}

/** node-redis 5 keeps the client of a node that could not be reached, and would never make another. */
function dropEnded(cluster: Client): void {
  for (const node of cluster.masters) if (node.client?.isOpen === false) delete node.client
}
