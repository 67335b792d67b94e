import { setTimeout as delay } from 'node:timers/promises'
import type { StorageDriver } from '@cairnkit/core'
import { type ClusterLab, type SentinelLab, type StandaloneLab, startLab, waitFor } from '@cairnkit/redis-lab'
import { Redis } from 'ioredis'
import { createClient, createClientPool, createCluster, createSentinel } from 'redis'
import * as five from 'redis-5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unfit } from '../../redis-kernel/test/clients/unfit-clients.js'
import { ForgetfulNetwork } from '../../redis-kernel/test/support/servers.js'
import { type NodeRedisClient, createNodeRedisDriver } from '../src/index.js'
import { createTransport, planConnection } from '@cairnkit/redis-kernel/connections'
import { expectToLeaveReplica } from '../../redis-kernel/test/clients/demotions.js'
import { nodeRedis } from '../src/library.js'

const sentinelOf = { name: 'm', sentinelRootNodes: [{ host: '127.0.0.1', port: 1 }] }
const rootNodes = [{ url: 'redis://127.0.0.1:1' }]

describe('a client whose settings would do harm', () => {
  const refused: Record<string, readonly [client: () => NodeRedisClient, says: RegExp]> = {
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
    'is a Sentinel of major 5, which keeps its settings to itself': [
      () => five.createSentinel({ ...sentinelOf, maxCommandRediscovers: 0 }),
      /node-redis 5 cannot be read.*pass { sentinel } instead/,
    ],
  }
  for (const [name, [make, says]] of Object.entries(refused)) {
    it(name, () => {
      const client = make()
      expect(() => createNodeRedisDriver({ client })).toThrow(TypeError)
      expect(() => createNodeRedisDriver({ client })).toThrow(says)
      expect(client.isOpen).toBe(false)
    })
  }

  it('is of another library, or no client', () => {
    const other = new Redis({ lazyConnect: true }) as unknown as NodeRedisClient
    expect(() => createNodeRedisDriver({ client: other })).toThrow(
      /client of ioredis: pass it to @cairnkit\/ioredis/,
    )
    for (const [shape, says] of unfit) {
      expect(() => createNodeRedisDriver({ client: shape as NodeRedisClient })).toThrow(says)
    }
    for (const nothing of [null, 7, {}, Promise.resolve()]) {
      expect(() => createNodeRedisDriver({ client: nothing as unknown as NodeRedisClient })).toThrow(
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

  type Brought = NodeRedisClient & { listenerCount(event: string): number; close(): Promise<unknown> }

  const clients = (): Record<string, () => Brought> => {
    const url = `redis://127.0.0.1:${standalone.nodes[0].port}`
    const nodes = cluster.nodes.map(({ host, port }) => ({ socket: { host, port } }))
    const sentinels = {
      name: sentinel.name,
      sentinelRootNodes: sentinel.sentinels.map(({ host, port }) => ({ host, port })),
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
    }
  }

  it('is connected if it is not, used, never closed, and left without listeners of ours', async () => {
    for (const [name, make] of Object.entries(clients())) {
      const client = make()
      const before = client.listenerCount('error')
      const driver = createNodeRedisDriver({ client })
      await use(driver)
      expect(client.listenerCount('error'), name).toBe(before + 1)
      await driver.close()
      expect(client.isOpen, name).toBe(true)
      expect(client.listenerCount('error'), name).toBe(before)
      // A pool that is destroyed forgets a client that is connecting, and its clean-up throws at it seconds later.
      await client.close()
    }
  })

  it.each([
    ['a client', (url: string) => createClient({ url })],
    ['a client of major 5', (url: string) => five.createClient({ url })],
    ['a pool', (url: string) => createClientPool({ url })],
  ])('leaves a server that has become a replica: %s', async (_, make) => {
    const clients: { close(): Promise<unknown> }[] = []
    const left = expectToLeaveReplica((port) => {
      const client = make(`redis://127.0.0.1:${port}`)
      clients.push(client)
      return createTransport(nodeRedis, planConnection({ client }))
    })
    await expect(left).resolves.toBeUndefined()
    for (const client of clients) await client.close()
  })

  it('is kept alive, and notices with a socketTimeout that the network forgot it before somebody needs it', async () => {
    const network = new ForgetfulNetwork()
    await using proxy = await network.before(standalone.nodes[0])
    const client = createClient({
      socket: { host: proxy.host, port: proxy.port, socketTimeout: 1000, reconnectStrategy: () => 50 },
    })
    const driver = createNodeRedisDriver({ client, commandTimeoutMs: 1000 })
    await use(driver)
    // Without what is sent, its own time limit would end it for being idle.
    const standing = network.standing
    await delay(1500)
    expect([network.standing, network.accepted]).toEqual([standing, standing])
    network.forget()
    await waitFor('it is not taken for sound', () => network.forgotten === 0 || undefined)
    await delay(300)
    const startedAt = performance.now()
    await driver.read('p', [{ type: 'get', key: ['k'] }])
    expect(performance.now() - startedAt).toBeLessThan(700)
    await driver.close()
    client.destroy()
  })

  it('serves calls that are made at once, again and again', async () => {
    for (const [name, make] of Object.entries(clients())) {
      const client = make()
      const driver = createNodeRedisDriver({ client, commandTimeoutMs: 1000 })
      await driver.open()
      const until = performance.now() + 100
      const loops = Array.from({ length: 8 }, async (_, at) => {
        while (performance.now() < until) await driver.drop(`loop-${at}`)
      })
      await expect(Promise.all(loops), name).resolves.toHaveLength(8)
      await driver.close()
      await client.close()
    }
  })
})
