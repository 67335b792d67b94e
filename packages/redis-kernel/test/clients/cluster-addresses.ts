import { Keyspace } from '@cairnkit/core'
import { type ClusterLab, type SentinelLab, startLab, waitFor } from '@cairnkit/redis-lab'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RedisAddress } from '../../src/connections/index.js'
import { type LocalServer, refusedPort, silentServer, slowServer } from '../support/servers.js'
import type { CreateDriver, DriverOptions } from './client-under-test.js'
import { addresses } from './recovery-kit.js'

/** The first answer on a connection takes this long; the whole of connecting needs a few of them. */
const FIRST_ANSWER_MS = 1500
const connectTimeoutMs = 10_000

/** How a driver finds the nodes of a cluster, whatever was named, and whatever they call themselves. */
export function describeClusterAddresses(create: CreateDriver): void {
  let cluster: ClusterLab
  let sentinel: SentinelLab
  beforeAll(async () => {
    ;[cluster, sentinel] = await Promise.all([startLab('cluster'), startLab('sentinel')])
  })
  afterAll(() => Promise.all([cluster.stop(), sentinel.stop()]))

  /** Writes to partitions all over the cluster, and reads them. */
  async function use(options: DriverOptions): Promise<void> {
    await using driver = create(options)
    await driver.open()
    const keyspace = new Keyspace(driver, ['addresses'])
    const partitions = Array.from({ length: 12 }, (_, at) => keyspace.partition(String(at)))
    await Promise.all(
      partitions.map(async (partition) => {
        await partition.commit({
          mutations: [{ type: 'put', key: ['a'], bytes: new Uint8Array(1), refs: [] }],
        })
        expect(await partition.read([{ type: 'get', key: ['a'] }])).toMatchObject([
          { record: { key: ['a'] } },
        ])
      }),
    )
  }

  async function refusal(options: DriverOptions): Promise<{ disposition: string; text: string }> {
    await using driver = create(options)
    const cause: unknown = await driver.open().then(
      () => expect.unreachable('it opened'),
      (error: unknown) => error,
    )
    return { disposition: driver.classify(cause).disposition, text: String(cause) }
  }

  /** A slow link before each of these servers. */
  async function slowly(
    nodes: readonly RedisAddress[],
  ): Promise<{ links: LocalServer[]; addressMap: Record<string, RedisAddress> }> {
    const links = await Promise.all(nodes.map((node) => slowServer(node, FIRST_ANSWER_MS)))
    const entries = nodes.map(
      ({ host, port }, at) => [`${host}:${port}`, addresses([links[at]!])[0]!] as const,
    )
    return { links, addressMap: Object.fromEntries(entries) }
  }

  it.each([1, 2, 4])('a slow link is no matter of how many nodes are named: each %i times', async (times) => {
    const { links, addressMap } = await slowly(cluster.nodes)
    const nodes = Array.from({ length: times }, () => addresses(links)).flat()
    await expect(use({ cluster: { nodes, addressMap }, connectTimeoutMs })).resolves.toBeUndefined()
    await Promise.all(links.map((link) => link[Symbol.asyncDispose]()))
  })

  it.each([1, 4])('nor of how many Sentinels are named: each %i times', async (times) => {
    const { links, addressMap } = await slowly([...sentinel.nodes, ...sentinel.sentinels])
    const ofSentinels = sentinel.sentinels.map(({ host, port }) => addressMap[`${host}:${port}`]!)
    const nodes = Array.from({ length: times }, () => ofSentinels).flat()
    await expect(
      use({ sentinel: { name: sentinel.name, nodes, addressMap }, connectTimeoutMs }),
    ).resolves.toBeUndefined()
    await Promise.all(links.map((link) => link[Symbol.asyncDispose]()))
  })

  it('nodes that do not answer cost nothing once one has answered', async () => {
    const silent = await Promise.all(Array.from({ length: 4 }, silentServer))
    const nodes = [...addresses(silent), ...addresses(cluster.nodes.slice(0, 1))]
    // Asked one after the other, each with its share of the time, most of them would be waited for first.
    await expect(use({ cluster: { nodes }, connectTimeoutMs: 30_000 })).resolves.toBeUndefined()
    await expect.poll(() => silent.reduce((sum, { connections }) => sum + connections, 0)).toBe(0)
    await Promise.all(silent.map((server) => server[Symbol.asyncDispose]()))
  })

  it('names the address that was tried, and how to name another one', async () => {
    const port = await refusedPort()
    const elsewhere = { host: '127.0.0.1', port }
    const addressMap = Object.fromEntries(
      cluster.nodes.map((node) => [`${node.host}:${node.port}`, elsewhere]),
    )
    const nodes = addresses(cluster.nodes.slice(0, 1))
    const { disposition, text } = await refusal({ cluster: { nodes, addressMap }, connectTimeoutMs: 1500 })
    expect(disposition).toBe('transient')
    expect(text).toContain(`ECONNREFUSED 127.0.0.1:${port}`)
    expect(text).toContain('addressMap')
  })

  it('serves a single node, which announces no host', async () => {
    await using lab = await startLab('standalone', { config: { 'cluster-enabled': 'yes' } })
    const [node] = lab.nodes
    await node.command('CLUSTER', 'ADDSLOTS', ...Array.from({ length: 16_384 }, (_, slot) => String(slot)))
    await waitFor('the slots are served', async () =>
      String(await node.command('CLUSTER', 'INFO')).includes('cluster_state:ok') ? true : undefined,
    )
    await expect(use({ cluster: { nodes: addresses(lab.nodes) } })).resolves.toBeUndefined()
  })

  describe('a cluster that announces something else than addresses', () => {
    const prefer = async (type: string): Promise<boolean> => {
      const set = cluster.nodes.map((node) =>
        node.command('CONFIG', 'SET', 'cluster-preferred-endpoint-type', type),
      )
      return (await Promise.allSettled(set)).every(({ status }) => status === 'fulfilled')
    }
    afterAll(() => prefer('ip'))

    it('is served where it announces ports alone', async (context) => {
      if (!(await prefer('unknown-endpoint'))) return context.skip('the server announces addresses only')
      await expect(use({ cluster: { nodes: addresses(cluster.nodes) } })).resolves.toBeUndefined()
    })

    it('is told at once what to set where it announces names that nobody has set', async (context) => {
      if (!(await prefer('hostname'))) return context.skip('the server announces addresses only')
      const { disposition, text } = await refusal({ cluster: { nodes: addresses(cluster.nodes) } })
      expect(disposition).toBe('permanent')
      expect(text).toContain('cluster-announce-hostname')
    })
  })
}
