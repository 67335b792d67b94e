import * as client from '@redis/client'
import { createClient, createClientPool, createCluster, createSentinel } from 'redis'
import * as five from 'redis-5'
import { describeDuplicates } from '../../redis-kernel/test/clients/duplicates.js'
import { type NodeRedisClient, createNodeRedisDriver } from '../src/index.js'
import { clientFive } from './support/client-five.js'

const nobody = { host: '127.0.0.1', port: 1 }

describeDuplicates<NodeRedisClient>({
  createDriver: createNodeRedisDriver,
  isIdle: (client) => !client.isOpen,
  standalone: ({ host, port, url, user }) => {
    const credentialsProvider = {
      type: 'async-credentials-provider',
      credentials: async () => await Promise.resolve({ ...user }),
    } as const
    return {
      'by settings': () => createClient({ socket: { host, port }, ...user, database: 3, keyPrefix: 'app:' }),
      'by a URL': () => createClient({ url }),
      'with a provider of credentials': () =>
        createClient({ socket: { host, port }, credentialsProvider, database: 3 }),
      'by a URL, of major 5': () => five.createClient({ url }),
      'by a URL, of @redis/client': () => client.createClient({ url }),
      'by a URL, of @redis/client 5': () => clientFive.createClient({ url }),
    }
  },
  tls: ({ port, ca, user }) => ({
    'by settings': () => createClient({ socket: { host: 'localhost', port, tls: true, ca }, ...user }),
    'by a URL, of major 5': () =>
      five.createClient({ url: `rediss://localhost:${port}`, socket: { tls: true, ca }, ...user }),
  }),
  sentinel: ({ name, nodes, user }) => ({
    'by settings': () =>
      createSentinel({
        name,
        sentinelRootNodes: [...nodes],
        nodeClientOptions: user,
        sentinelClientOptions: user,
      }),
    'by settings, of @redis/client': () =>
      client.createSentinel({
        name,
        sentinelRootNodes: [...nodes],
        nodeClientOptions: user,
        sentinelClientOptions: user,
      }),
  }),
  cluster: ({ host, port, user }) => ({
    'by addresses': () =>
      createCluster({ rootNodes: [{ socket: { host, port } }], defaults: user, keyPrefix: 'app:' }),
    'by URLs': () => createCluster({ rootNodes: [{ url: `redis://${host}:${port}` }], defaults: user }),
    'by addresses, of major 5': () =>
      five.createCluster({ rootNodes: [{ socket: { host, port } }], defaults: user }),
    'by addresses, of @redis/client': () =>
      client.createCluster({ rootNodes: [{ socket: { host, port } }], defaults: user }),
  }),
  refused: {
    'addresses that a function gives': [
      () => createCluster({ rootNodes: [{ socket: nobody }], nodeAddressMap: (): undefined => undefined }),
      /nodeAddressMap is a function: pass { sentinel } or { cluster }/,
    ],
    'a pool': [
      () => createClientPool({ socket: nobody }),
      /a pool keeps its settings to itself.*pass { url }/,
    ],
    'a Sentinel of major 5': [
      () => five.createSentinel({ name: 'm', sentinelRootNodes: [nobody] }),
      /a Sentinel of node-redis 5 keeps its settings to itself/,
    ],
  },
  any: () => createClient(),
})
