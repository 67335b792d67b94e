import { startLab } from '@cairnkit/redis-lab'
import { Cluster, Redis, type RedisOptions } from 'ioredis'
import * as five from 'ioredis-5'
import { createClient } from 'redis'
import { describe, expect, it } from 'vitest'
import { createTransport, planConnection } from '@cairnkit/redis-kernel/connections'
import { addressesOf, describeGivenClients } from '../../redis-kernel/test/clients/given-clients.js'
import { answersOfOrphanedReplicas } from '../../redis-kernel/test/clients/orphaned-replicas.js'
import { type IoredisClient, createIoredisDriver } from '../src/index.js'
import { ioredis } from '../src/library.js'

type Client = Redis | Cluster | five.Redis | five.Cluster

const safe = { lazyConnect: true, autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 } as const
const safeCluster = { lazyConnect: true, retryDelayOnFailover: 0 } as const
const node = { host: '127.0.0.1', port: 1 }

const harmful: Record<
  string,
  readonly [options: Omit<RedisOptions, 'replyMapping' | 'sentinels'>, says: RegExp]
> = {
  resends: [
    { ...safe, autoResendUnfulfilledCommands: true },
    /autoResendUnfulfilledCommands .*twice: set it to false/,
  ],
  'has the defaults': [{ lazyConnect: true }, /autoResendUnfulfilledCommands/],
  retries: [{ ...safe, maxRetriesPerRequest: 3 }, /maxRetriesPerRequest .*set it to 0/],
  'retries for ever': [{ ...safe, maxRetriesPerRequest: null }, /maxRetriesPerRequest/],
  'prefixes keys': [{ ...safe, keyPrefix: 'app:' }, /keyPrefix changes keys/],
  'pipelines by itself': [{ ...safe, enableAutoPipelining: true }, /enableAutoPipelining/],
  'reads from a replica': [{ ...safe, readOnly: true }, /readOnly leads to a replica/],
}

const harmfulClusters: Record<
  string,
  readonly [options: ConstructorParameters<typeof Cluster>[1], says: RegExp]
> = {
  resends: [{ lazyConnect: true }, /retryDelayOnFailover .*twice: set it to 0/],
  'prefixes keys': [{ ...safeCluster, redisOptions: { keyPrefix: 'app:' } }, /keyPrefix/],
  'reads from replicas': [{ ...safeCluster, scaleReads: 'all' }, /scaleReads .*'master'/],
}

function inBothMajors(): Record<string, readonly [make: () => Client, says: RegExp]> {
  const single = Object.entries(harmful).flatMap(([name, [options, says]]) => [
    [name, [() => new Redis(options), says]] as const,
    [`${name}, of major 5`, [() => new five.Redis(options as five.RedisOptions), says]] as const,
  ])
  const clusters = Object.entries(harmfulClusters).flatMap(([name, [options, says]]) => [
    [`a cluster that ${name}`, [() => new Cluster([node], options), says]] as const,
    [
      `a cluster that ${name}, of major 5`,
      [() => new five.Cluster([node], options as five.ClusterOptions), says],
    ] as const,
  ])
  return Object.fromEntries<readonly [make: () => Client, says: RegExp]>([...single, ...clusters])
}

describeGivenClients<Client>({
  createDriver: createIoredisDriver,
  createTransport: (client) => createTransport(ioredis, planConnection<IoredisClient>({ client })),
  isOpen: (client) => client.status === 'ready',
  end: (client) => client.disconnect(),
  harmful: inBothMajors(),
  unreadable: {},
  ofAnotherLibrary: [createClient(), /client of node-redis: pass it to @cairnkit\/node-redis/],
  noClients: [new Redis(safe).pipeline()],
  all: ({ standalone, sentinel, cluster }) => {
    const { host, port } = standalone.nodes[0]
    const sentinels = { ...safe, name: sentinel.name, sentinels: addressesOf(sentinel.sentinels) }
    const nodes = addressesOf(cluster.nodes)
    return {
      standalone: () => new Redis({ ...safe, host, port }),
      'standalone, numbers as text': () => new Redis({ ...safe, host, port, stringNumbers: true }),
      'standalone, other shapes of replies': () => new Redis({ ...safe, host, port, replyMapping: 'resp3' }),
      'standalone of major 5': () => new five.Redis({ ...safe, host, port, stringNumbers: true }),
      Sentinel: () => new Redis(sentinels),
      'Sentinel of major 5': () => new five.Redis(sentinels),
      Cluster: () => new Cluster(nodes, safeCluster),
      'Cluster of major 5': () => new five.Cluster(nodes, safeCluster),
    }
  },
  single: {
    'a client': ({ host, port, db = 0 }) => new Redis({ ...safe, host, port, db }),
    'a client of major 5': ({ host, port, db = 0 }) => new five.Redis({ ...safe, host, port, db }),
  },
  withSocketTimeout: ({ host, port }, socketTimeout) => new Redis({ ...safe, host, port, socketTimeout }),
  endsIdleConnections: false,
})

describe('a client of ioredis', () => {
  it('is shown the way out that keeps it in their hands', () => {
    const theirs = new Redis({ lazyConnect: true })
    const shown = /existing\.duplicate\({ autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 }\)/
    expect(() => createIoredisDriver({ client: theirs })).toThrow(shown)
    const safely = theirs.duplicate({ autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 })
    expect(() => createIoredisDriver({ client: safely })).not.toThrow()
    const cluster = new Cluster([node], { lazyConnect: true })
    expect(() => createIoredisDriver({ client: cluster })).toThrow(/existing\.duplicate\(\[\], {/)
    const safeToo = cluster.duplicate([], { retryDelayOnFailover: 0, scaleReads: 'master' })
    expect(() => createIoredisDriver({ client: safeToo })).not.toThrow()
  })

  it('is awaited while it connects, and refused when it was closed', async () => {
    await using lab = await startLab('standalone')
    const { host, port } = lab.nodes[0]
    const client = new Redis({ ...safe, lazyConnect: false, host, port })
    await expect(createIoredisDriver({ client }).open()).resolves.toBeUndefined()
    client.disconnect()
    await expect.poll(() => client.status).toBe('end')
    await expect(createIoredisDriver({ client }).open()).rejects.toThrow('closed by its owner')
  })

  it.each([
    ['6', Cluster],
    ['5', five.Cluster],
  ])(
    'of major %s never reads from a replica, not even when no primary is left',
    async (_, Client) => {
      await using lab = await startLab('cluster')
      const clients: (Cluster | five.Cluster)[] = []
      const answers = await answersOfOrphanedReplicas(lab, (nodes) => {
        const client = new Client([...nodes], safeCluster)
        clients.push(client)
        return createTransport(ioredis, planConnection({ client }))
      })
      for (const client of clients) client.disconnect()
      expect(answers).toEqual([])
    },
    60_000,
  )
})
