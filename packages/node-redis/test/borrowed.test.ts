import { createTransport, planConnection } from '@cairnkit/redis-kernel/connections'
import * as client from '@redis/client'
import { Redis } from 'ioredis'
import { createClient, createClientPool, createCluster, createSentinel } from 'redis'
import * as five from 'redis-5'
import { addressesOf, describeGivenClients } from '../../redis-kernel/test/clients/given-clients.js'
import { type NodeRedisClient, createNodeRedisDriver } from '../src/index.js'
import { nodeRedis } from '../src/library.js'
import { clientFive } from './support/client-five.js'

/** What the tests use of a client besides. */
type Client = NodeRedisClient & { listenerCount(event: string): number; close(): Promise<unknown> }

const sentinelOf = { name: 'm', sentinelRootNodes: [{ host: '127.0.0.1', port: 1 }] }
const rootNodes = [{ url: 'redis://127.0.0.1:1' }]
const urlOf = ({ host, port, db = 0 }: { host: string; port: number; db?: number }): string =>
  `redis://${host}:${port}/${db}`

describeGivenClients<Client>({
  createDriver: createNodeRedisDriver,
  createTransport: (client) => createTransport(nodeRedis, planConnection<NodeRedisClient>({ client })),
  isOpen: (client) => client.isOpen,
  // A pool that is destroyed forgets a client that is connecting, and its clean-up throws at it seconds later.
  end: async (client) => await client.close(),
  harmful: {
    'prefixes keys': [() => createClient({ keyPrefix: 'app:' }), /keyPrefix changes keys/],
    'is a pool that prefixes keys': [() => createClientPool({ keyPrefix: 'app:' }), /keyPrefix changes keys/],
    'is a cluster that prefixes keys': [
      () => createCluster({ rootNodes, keyPrefix: 'app:' }),
      /keyPrefix changes keys/,
    ],
    'reads from a replica': [() => createClient({ readonly: true }), /readonly leads to replicas/],
    'is a Sentinel that resends': [
      () => createSentinel(sentinelOf),
      /maxCommandRediscovers .*twice: set it to 0/,
    ],
    'is a Sentinel that resends twice': [
      () => createSentinel({ ...sentinelOf, maxCommandRediscovers: 2 }),
      /maxCommandRediscovers/,
    ],
  },
  unreadable: {
    'a Sentinel of major 5': [
      () => five.createSentinel({ ...sentinelOf, maxCommandRediscovers: 0 }),
      /node-redis 5 cannot be read.*pass { sentinel } instead/,
    ],
  },
  ofAnotherLibrary: [new Redis({ lazyConnect: true }), /client of ioredis: pass it to @cairnkit\/ioredis/],
  noClients: [],
  all: ({ standalone, sentinel, cluster }) => {
    const url = urlOf(standalone.nodes[0])
    const nodes = addressesOf(cluster.nodes).map((socket) => ({ socket }))
    const sentinels = {
      name: sentinel.name,
      sentinelRootNodes: addressesOf(sentinel.sentinels),
      maxCommandRediscovers: 0,
    }
    return {
      'a client': () => createClient({ url }),
      'a client with other settings': () => createClient({ url, RESP: 2, commandOptions: { asap: true } }),
      'a client of major 5': () => five.createClient({ url }),
      'a pool': () => createClientPool({ url }),
      'a pool of major 5': () => five.createClientPool({ url }),
      'a Sentinel': () => createSentinel({ ...sentinels, reserveClient: true }),
      'a Sentinel without a reserved client': () => createSentinel(sentinels),
      'a cluster': () => createCluster({ rootNodes: nodes }),
      'a cluster of major 5': () => five.createCluster({ rootNodes: nodes }),
      'a client of @redis/client': () => client.createClient({ url }),
      'a client of @redis/client 5': () => clientFive.createClient({ url }),
      'a pool of @redis/client': () => client.createClientPool({ url }),
      'a pool of @redis/client 5': () => clientFive.createClientPool({ url }),
      'a Sentinel of @redis/client': () => client.createSentinel(sentinels),
      'a cluster of @redis/client': () => client.createCluster({ rootNodes: nodes }),
      'a cluster of @redis/client 5': () => clientFive.createCluster({ rootNodes: nodes }),
    }
  },
  single: {
    'a client': (server) => createClient({ url: urlOf(server) }),
    'a client of major 5': (server) => five.createClient({ url: urlOf(server) }),
    'a pool': (server) => createClientPool({ url: urlOf(server) }),
    'a client of @redis/client': (server) => client.createClient({ url: urlOf(server) }),
  },
  withSocketTimeout: ({ host, port }, socketTimeout) =>
    createClient({ socket: { host, port, socketTimeout, reconnectStrategy: () => 50 } }),
  endsIdleConnections: true,
})
