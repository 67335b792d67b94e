import { setMaxListeners } from 'node:events'
import {
  type ClusterSettings,
  type OwnClientKind,
  type RedisAddress,
  Seeds,
  addressList,
  hashSlot,
  isConnectFailure,
  proveAlive,
  receivedBytes,
  withServerName,
} from '@cairnkit/redis-kernel/connections'
import { createCluster } from '@redis/client'
import { type Caller, call } from './calls.js'
import { type ClusterCaller, type ClusterNode, callCluster, calls } from './cluster-calls.js'
import { classifyNodeRedisError, isOffline } from './errors.js'
import { setName } from './set-name.js'
import { end, nodeOptions, reconnectNode, socketOptions } from './node-options.js'
import { standaloneClient } from './standalone.js'
import { trafficOf } from './traffic.js'

interface Node extends ClusterNode {
  client?: Parameters<typeof end>[0] &
    Caller & {
      readonly isOpen: boolean
      readonly isReady: boolean
      on(event: 'ready', listener: () => void): unknown
    }
}

interface Client extends ClusterCaller<Node> {
  connect(): Promise<unknown>
  destroy(): void
}

interface Root {
  readonly socket: RedisAddress & { readonly socketTimeout: number }
}

/** A Redis Cluster: node-redis finds the node that owns a key and follows MOVED and ASK. */
export function clusterClient(settings: ClusterSettings): OwnClientKind<Client> {
  const { nodes, clientName, tls } = settings
  const reach = (address: RedisAddress): RedisAddress & { readonly servername?: string } => {
    const servername = tls === undefined ? undefined : withServerName(tls, address.host).servername
    return servername === undefined ? address : { ...address, servername }
  }
  const target = `the cluster at ${addressList(nodes)}`
  const seedsOf = new WeakMap<object, Seeds<Root>>()
  const named = new Set(nodes.map((node) => addressList([node])))
  return {
    target,
    create: (log) => {
      // node-redis 5 and 6 lose sight of a connection that is being made to a node that leaves the cluster. It would live on.
      const closing = new AbortController()
      setMaxListeners(0, closing.signal)
      const seeds = new Seeds<Root>(settings, standaloneClient, log, (address, socketTimeout) => ({
        // Not for ever, so that a node that hangs does not use up the time of the others.
        socket: { ...reach(address), socketTimeout },
      }))
      const cluster = createCluster({
        rootNodes: seeds.roots,
        RESP: 2,
        // Nodes are connected when they are needed: a shard that is down must not keep the others from being used.
        minimizeConnections: true,
        // How soon after a lost connection the other nodes are asked who took over.
        topologyRefreshOnReconnectionAttemptStrategy: 100,
        // What it gives for a node is put on top of the settings of its socket.
        nodeAddressMap: (announced) => reach(seeds.locate(announced) ?? addressOf(announced)),
        defaults: {
          ...nodeOptions(settings),
          get socket() {
            const limits = { ...settings, attemptTimeoutMs: seeds.patienceMs }
            return { ...socketOptions(limits, reconnectNode(closing.signal)), signal: closing.signal }
          },
        },
      })
      const client = cluster as unknown as Client
      seedsOf.set(client, seeds)
      cluster.on('disconnect', () => closing.abort())
      cluster.on('error', log.note)
      cluster.on('node-ready', () => {
        log.ready()
        nameConnections(client, clientName)
      })
      cluster.on('node-error', (error: unknown, node: RedisAddress) => {
        const address = addressList([node])
        log.noteAt(address, error, named.has(address) ? undefined : 'the cluster')
        dropEnded(client)
      })
      return client
    },
    open: async (client) => {
      const seeds = seedsOf.get(client)
      await seeds?.race()
      await client.connect()
      seeds?.useAll()
      const limitMs = seeds?.patienceMs ?? settings.connectTimeoutMs
      const ping = async (node: Node): Promise<unknown> => call(await client.nodeClient(node), ['PING'])
      const alive = await proveAlive(client.masters, limitMs, ping, leave)
      if (alive === 0) throw new Error('none of its nodes is available')
    },
    isReady: () => true,
    receivedBytes: (client) =>
      (seedsOf.get(client)?.receivedBytes ?? 0) +
      receivedBytes(client.masters.map((node) => node.client && trafficOf(node.client))),
    ...calls,
    failed: (client, { key, cause, log }) => {
      // node-redis 5 does not ask by itself who took over from a node that it cannot reach.
      if (classifyNodeRedisError(cause) !== undefined) lookElsewhere(client, key)
      const limitMs = seedsOf.get(client)?.patienceMs ?? settings.connectTimeoutMs
      if (isOffline(cause)) leaveStuck(client.slots[hashSlot(key)]?.master, limitMs)
      // What keeps the node from being connected (a changed password) is known from its events alone.
      return isOffline(cause) || isConnectFailure(cause)
        ? log.fault(`Not connected to ${target}`, cause)
        : cause
    },
    destroy: async (client) => {
      await seedsOf.get(client)?.end()
      dropEnded(client)
      client.destroy()
    },
    silent: (client, { key, connection }) => {
      // What was sent while a connection was being made waits for the client as a whole.
      if (connection === client) leave(client.slots[hashSlot(key)]?.master)
      else leave(client.masters.find((node) => node.client === connection))
      lookElsewhere(client, key)
      return 'keep'
    },
  }
}

/** Each that is new, and again when it reconnects: node-redis 5 tells of a node only once. */
function nameConnections(cluster: Client, name: string): void {
  for (const { client } of cluster.masters) {
    if (client?.isReady !== true || nameless.has(client)) continue
    nameless.add(client)
    setName(client, name)
    refusedSince.delete(client)
    client.on('ready', () => {
      setName(client, name)
      refusedSince.delete(client)
    })
  }
}

/** Whose connections are given their names from then on. */
const nameless = new WeakSet<object>()

/** As servers announce it, an address of IPv6 without its brackets. */
function addressOf(announced: string): RedisAddress {
  const colon = announced.lastIndexOf(':')
  return { host: announced.slice(0, colon), port: Number(announced.slice(colon + 1)) }
}

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
  for (const _ of client.masters) callCluster(client, undefined, ['ZCARD', key]).catch(() => undefined)
}

/** Ends a connection that gives no answers: the network may have lost it without a word. The next command makes another. */
function leave(node: Node | undefined): void {
  if (node?.client === undefined) return
  end(node.client)
  delete node.client
}

/** Since when commands are refused because a node's client is not connected. */
const refusedSince = new WeakMap<object, number>()

/**
 * Ends a node's connection that is being made for too long. With credentials, node-redis waits without a limit for the answer
 * to its login; meanwhile it refuses commands, so nothing else would show that the server is silent.
 */
function leaveStuck(node: Node | undefined, limitMs: number): void {
  const client = node?.client
  if (client === undefined || client.isReady) return
  const since = refusedSince.get(client)
  if (since === undefined) refusedSince.set(client, performance.now())
  else if (performance.now() - since > limitMs) leave(node)
}

/** node-redis 5 keeps the client of a node that could not be reached, and would never make another. */
function dropEnded(cluster: Client): void {
  for (const node of cluster.masters) if (node.client?.isOpen === false) delete node.client
}
