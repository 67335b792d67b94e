import {
  type ClusterSettings,
  type OwnClientKind,
  type RedisAddress,
  Seeds,
  addressList,
  notSent,
  proveAlive,
  receivedBytes,
  withServerName,
} from '@cairnkit/redis-kernel/connections'
import { Cluster, type Redis, type RedisOptions } from 'ioredis'
import { call } from './calls.js'
import { callsOf } from './cluster-calls.js'
import { coalesceWrites } from './coalesce-writes.js'
import { Askers } from './askers.js'
import { classifyIoredisError } from './errors.js'
import { askBeforeConnecting, endSilentHandshake } from './handshake.js'
import { disconnect, nodeOptions, retryStrategy } from './node-options.js'
import { standaloneClient } from './standalone.js'
import { trafficOf } from './traffic.js'

/** A Redis Cluster: ioredis finds the node that owns a key and follows MOVED and ASK. */
export function clusterClient(settings: ClusterSettings): OwnClientKind<Cluster> {
  const { nodes, tls, connectTimeoutMs } = settings
  const target = `the cluster at ${addressList(nodes)}`
  const seedsOf = new WeakMap<object, Seeds<RedisAddress>>()
  const askersOf = new WeakMap<Cluster, Askers>()
  const named = new Set(nodes.map((node) => addressList([node])))
  return {
    target,
    create: (log, ended) => {
      const seeds = new Seeds<RedisAddress>(settings, standaloneClient, log, (address) => address)
      const cluster = new Cluster(seeds.roots, {
        lazyConnect: true,
        // CLUSTER INFO: a cluster that cannot serve says so to every command.
        enableReadyCheck: false,
        scaleReads: 'master',
        // Above 0, a command whose reply was lost is sent again.
        retryDelayOnFailover: 0,
        // The caller waits and repeats, with jitter and within its deadline.
        retryDelayOnClusterDown: 0,
        clusterRetryStrategy: retryStrategy(log),
        // Leaves names to the socket: the certificate of a node is for its name, not for its address.
        dnsLookup: (hostname, done) => done(null, hostname),
        natMap: (announced) => seeds.locate(announced) ?? null,
        redisOptions: { ...nodeOptions(settings), ...(tls === undefined ? {} : { tls }) },
      })
      const askers = new Askers()
      seedsOf.set(cluster, seeds)
      askersOf.set(cluster, askers)
      cluster.on('error', log.note)
      cluster.on('node error', (error, address) => {
        log.noteAt(address, error, named.has(address) ? undefined : 'the cluster')
      })
      cluster.on('ready', () => log.ready())
      if (ended !== undefined) cluster.once('end', ended)
      cluster.on('+node', (node: Redis) =>
        prepareNode(node, settings, seeds.patienceMs, (copy) => askers.add(copy)),
      )
      return cluster
    },
    open: async (cluster) => {
      const seeds = seedsOf.get(cluster)
      await seeds?.race()
      cluster.options.slotsRefreshTimeout = Math.max(seeds?.patienceMs ?? 0, connectTimeoutMs)
      await cluster.connect()
      const limitMs = seeds?.patienceMs ?? connectTimeoutMs
      cluster.options.slotsRefreshTimeout = limitMs
      seeds?.useAll()
      // One shard that is down must not keep the others from being used: its commands fail by themselves.
      const ping = async (node: Redis): Promise<unknown> => {
        await settled(node)
        return await call(node, ['PING'])
      }
      const primaries = cluster.nodes('master')
      const alive = await proveAlive(primaries, limitMs, ping, (node) => node.disconnect())
      if (alive === 0) throw new Error('none of its nodes is available')
    },
    isReady: (cluster) => cluster.status === 'ready',
    receivedBytes: (cluster) =>
      (seedsOf.get(cluster)?.receivedBytes ?? 0) +
      (askersOf.get(cluster)?.receivedBytes ?? 0) +
      receivedBytes(cluster.nodes('all').map(trafficOf)),
    ...callsOf((cluster, announced) => seedsOf.get(cluster)?.locate(announced)),
    // What keeps the node from being connected (a certificate, an address) is known from its events alone.
    failed: (_cluster, { cause, log }) =>
      classifyIoredisError(cause) === notSent ? log.fault(`Not connected to ${target}`, cause) : cause,
    destroy: async (cluster) => {
      await Promise.all([seedsOf.get(cluster)?.end(), disconnect(cluster)])
    },
    silent: (cluster, { connection }) => {
      // As if it was lost: the cluster drops its node then, and asks the others who took over.
      const node = cluster.nodes('all').find((each) => each === connection)
      node?.stream.destroy(new Error('its server is silent'))
      return 'keep'
    },
  }
}

function settled(node: Redis): Promise<void> {
  return new Promise((resolve) => {
    if (node.status === 'ready') resolve()
    node.once('ready', () => resolve())
    node.once('end', () => resolve())
  })
}

/**
 * Makes a node's connection tell apart what ioredis does not. `copied` is told each copy of it, over which ioredis asks for
 * the slots.
 */
function prepareNode(
  node: Redis,
  { credentials }: ClusterSettings,
  connectTimeoutMs: number,
  copied: (copy: Redis) => void,
): void {
  node.options.connectTimeout = connectTimeoutMs
  askBeforeConnecting(node, credentials)
  const { tls, host = '' } = node.options
  if (tls !== undefined) node.options.tls = withServerName(tls, host)
  coalesceWrites(node)
  endSilentHandshake(node, connectTimeoutMs)
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
    duplicate: (options: Partial<RedisOptions>): Redis => {
      const copy = duplicate({ ...options, readOnly: false })
      copied(copy)
      return askBeforeConnecting(nameAnnounced(copy, node.options.host), credentials)
    },
  })
  // Otherwise the first command would find a node that is not connected. A failure is reported by `node error`.
  if (node.options.readOnly !== true) node.connect().catch(() => undefined)
}

/** As CLUSTER SLOTS gives it: the first slot, the last one, and the primary and its replicas, which begin with host and port. */
type SlotRange = [number, number, ...[string | null, ...unknown[]][]]

/** The part of `cluster` that is used to ask for the slots. */
type AskForSlots = (command: 'SLOTS', done: (error: Error | null, slots?: SlotRange[]) => void) => unknown

/** Where a server announces no host, that means the one that it was asked at. ioredis leaves such nodes out. */
function nameAnnounced(client: Redis, host: string | undefined): Redis {
  const cluster = client.cluster.bind(client) as AskForSlots
  const askForSlots: AskForSlots = (command, done) =>
    cluster(command, (error, slots) => {
      for (const [, , ...servers] of slots ?? []) {
        for (const server of servers) server[0] ||= host ?? null
      }
      done(error, slots)
    })
  return Object.assign(client, { cluster: askForSlots })
}
