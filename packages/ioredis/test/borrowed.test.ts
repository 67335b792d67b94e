import { setTimeout as delay } from 'node:timers/promises'
import { type ClusterLab, type SentinelLab, type StandaloneLab, startLab, waitFor } from '@cairnkit/redis-lab'
import type { StorageDriver } from '@cairnkit/core'
import { Cluster, Redis, type RedisOptions } from 'ioredis'
import * as five from 'ioredis-5'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTransport, planConnection } from '@cairnkit/redis-kernel/connections'
import { expectToLeaveReplica } from '../../redis-kernel/test/clients/demotions.js'
import { unfit } from '../../redis-kernel/test/clients/unfit-clients.js'
import { answersOfOrphanedReplicas } from '../../redis-kernel/test/clients/orphaned-replicas.js'
import { ForgetfulNetwork } from '../../redis-kernel/test/support/servers.js'
import { type IoredisClient, createIoredisDriver } from '../src/index.js'
import { ioredis } from '../src/library.js'

const safe = { lazyConnect: true, autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 } as const
const safeCluster = { lazyConnect: true, retryDelayOnFailover: 0 } as const
const node = { host: '127.0.0.1', port: 1 }

describe('a client whose settings would do harm', () => {
  const clients: Record<
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
  for (const [name, [options, says]] of Object.entries(clients)) {
    it(`${name}, in both majors`, () => {
      for (const client of [new Redis(options), new five.Redis(options as five.RedisOptions)]) {
        expect(() => createIoredisDriver({ client })).toThrow(TypeError)
        expect(() => createIoredisDriver({ client })).toThrow(says)
        expect(() => createIoredisDriver({ client })).toThrow(/{ client: existing, duplicate: true }/)
      }
    })
  }

  const clusters: Record<string, readonly [options: ConstructorParameters<typeof Cluster>[1], says: RegExp]> =
    {
      resends: [{ lazyConnect: true }, /retryDelayOnFailover .*twice: set it to 0/],
      'prefixes keys': [{ ...safeCluster, redisOptions: { keyPrefix: 'app:' } }, /keyPrefix/],
      'reads from replicas': [{ ...safeCluster, scaleReads: 'all' }, /scaleReads .*'master'/],
    }
  for (const [name, [options, says]] of Object.entries(clusters)) {
    it(`a cluster that ${name}, in both majors`, () => {
      for (const client of [
        new Cluster([node], options),
        new five.Cluster([node], options as five.ClusterOptions),
      ]) {
        expect(() => createIoredisDriver({ client })).toThrow(says)
      }
    })
  }

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

  it('is of another library, or no client', () => {
    const other = createClient() as unknown as IoredisClient
    expect(() => createIoredisDriver({ client: other })).toThrow(
      /client of node-redis: pass it to @cairnkit\/node-redis/,
    )
    for (const [shape, says] of unfit) {
      expect(() => createIoredisDriver({ client: shape as IoredisClient })).toThrow(says)
    }
    for (const nothing of [null, 7, {}, Promise.resolve(), new Redis(safe).pipeline()]) {
      expect(() => createIoredisDriver({ client: nothing as unknown as IoredisClient })).toThrow(
        /client: expected/,
      )
    }
  })
})

describe('a client that was brought', () => {
  let standalone: StandaloneLab
  let sentinel: SentinelLab
  let cluster: ClusterLab
  beforeAll(async () => {
    ;[standalone, sentinel, cluster] = await Promise.all([
      startLab('standalone'),
      startLab('sentinel'),
      startLab('cluster'),
    ])
  })
  afterAll(() => Promise.all([standalone, sentinel, cluster].map((lab) => lab.stop())))

  const addresses = (nodes: readonly { host: string; port: number }[]): { host: string; port: number }[] =>
    nodes.map(({ host, port }) => ({ host, port }))

  async function use(driver: StorageDriver): Promise<void> {
    await driver.open()
    const bytes = Uint8Array.from([0, 255, 128])
    await driver.commit('p', { mutations: [{ type: 'put', key: ['k'], bytes, refs: [] }] })
    const [result] = await driver.read('p', [{ type: 'get', key: ['k'] }])
    expect(result).toMatchObject({ record: { bytes } })
    const ids: string[] = []
    for await (const id of driver.partitions('')) ids.push(id)
    expect(ids).toContain('p')
  }

  const clients = (): Record<string, () => Redis | Cluster | five.Redis | five.Cluster> => {
    const { host, port } = standalone.nodes[0]
    const sentinels = { ...safe, name: sentinel.name, sentinels: addresses(sentinel.sentinels) }
    const nodes = addresses(cluster.nodes)
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
  }

  it('is used, never closed, and left without listeners of ours', async () => {
    for (const [name, make] of Object.entries(clients())) {
      const client = make()
      const before = client.listenerCount('error')
      const driver = createIoredisDriver({ client })
      await use(driver)
      expect(client.listenerCount('error'), name).toBe(before + 1)
      await driver.close()
      expect(client.status, name).toBe('ready')
      expect(client.listenerCount('error'), name).toBe(before)
      expect(await client.get('still-there'), name).toBeNull()
      client.disconnect()
    }
  })

  it('is kept alive, and notices with a socketTimeout that the network forgot it before somebody needs it', async () => {
    const network = new ForgetfulNetwork()
    await using proxy = await network.before(standalone.nodes[0])
    const client = new Redis({ ...safe, host: proxy.host, port: proxy.port, socketTimeout: 1000 })
    const driver = createIoredisDriver({ client, commandTimeoutMs: 1000 })
    await use(driver)
    network.forget()
    await waitFor('it is not taken for sound', () => network.forgotten === 0 || undefined)
    await delay(300)
    const startedAt = performance.now()
    await driver.read('p', [{ type: 'get', key: ['k'] }])
    expect(performance.now() - startedAt).toBeLessThan(700)
    await driver.close()
    client.disconnect()
  })

  it('is awaited while it connects, and refused when it was closed', async () => {
    const { host, port } = standalone.nodes[0]
    const client = new Redis({ ...safe, lazyConnect: false, host, port })
    await use(createIoredisDriver({ client }))
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

  it.each([
    ['6', (port: number) => new Redis({ ...safe, host: '127.0.0.1', port })],
    ['5', (port: number) => new five.Redis({ ...safe, host: '127.0.0.1', port })],
  ])('of major %s leaves a server that has become a replica', async (_, make) => {
    const clients: (Redis | five.Redis)[] = []
    const left = expectToLeaveReplica((port) => {
      const client = make(port)
      clients.push(client)
      return createTransport(ioredis, planConnection({ client }))
    })
    await expect(left).resolves.toBeUndefined()
    for (const client of clients) client.disconnect()
  })

  it('of a single server is refused at a node of a cluster', async () => {
    const { host, port } = cluster.nodes[0]
    const client = new Redis({ ...safe, host, port })
    const driver = createIoredisDriver({ client })
    const attempts = Array.from({ length: 8 }, (_, at) => driver.drop(`p${at}`))
    const failed = await Promise.allSettled(attempts)
    expect(failed.map((one) => (one.status === 'rejected' ? String(one.reason) : '')).join()).toContain(
      'a node of a cluster',
    )
    client.disconnect()
  })
})
