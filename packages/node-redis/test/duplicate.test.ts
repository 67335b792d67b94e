import {
  type ClusterLab,
  type SentinelLab,
  type StandaloneLab,
  type StandaloneTlsLab,
  startLab,
} from '@cairnkit/redis-lab'
import { createClient, createClientPool, createCluster, createSentinel } from 'redis'
import * as five from 'redis-5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OURS, useDuplicate } from '../../redis-kernel/test/clients/duplicates.js'
import { type NodeRedisClient, createNodeRedisDriver } from '../src/index.js'

const user = { username: 'member', password: 'p@ss/word' }
const encoded = 'member:p%40ss%2Fword'

describe('a client with settings of its own is duplicated', () => {
  let standalone: StandaloneLab
  let tls: StandaloneTlsLab
  let sentinel: SentinelLab
  let cluster: ClusterLab
  beforeAll(async () => {
    ;[standalone, tls, sentinel, cluster] = await Promise.all([
      startLab('standalone'),
      startLab('standalone-tls'),
      startLab('sentinel'),
      startLab('cluster'),
    ])
    const servers = [standalone, sentinel, cluster].flatMap((lab) => lab.nodes)
    for (const node of [...servers, ...sentinel.sentinels]) {
      await node.command('ACL', 'SETUSER', user.username, 'on', `>${user.password}`, '~*', '&*', '+@all')
    }
  })
  afterAll(() => Promise.all([standalone, tls, sentinel, cluster].map((lab) => lab.stop())))

  const duplicate = (client: NodeRedisClient) =>
    createNodeRedisDriver({ client, duplicate: true, clientName: OURS })

  it('one server, by settings, by URL and with a provider, in both majors', async () => {
    const { host, port } = standalone.nodes[0]
    const url = `redis://${encoded}@${host}:${port}/3`
    const credentialsProvider = {
      type: 'async-credentials-provider',
      credentials: async () => await Promise.resolve(user),
    } as const
    for (const client of [
      createClient({ socket: { host, port }, ...user, database: 3, keyPrefix: 'app:' }),
      createClient({ url }),
      createClient({ socket: { host, port }, credentialsProvider, database: 3 }),
      five.createClient({ url }),
    ]) {
      await useDuplicate(duplicate(client), standalone.nodes)
      expect(client.isOpen).toBe(false)
    }
    const keys = String(await standalone.nodes[0].command('INFO', 'keyspace'))
    expect(keys).toMatch(/^db3:/m)
    expect(keys).not.toMatch(/^db0:/m)
  })

  it('TLS', async () => {
    const { port } = tls.nodes[0]
    const { ca, username, password } = tls
    for (const client of [
      createClient({ socket: { host: 'localhost', port, tls: true, ca }, username, password }),
      five.createClient({ url: `rediss://localhost:${port}`, socket: { tls: true, ca }, username, password }),
    ]) {
      await using driver = createNodeRedisDriver({ client, duplicate: true })
      await expect(driver.open()).resolves.toBeUndefined()
    }
  })

  it('Sentinel', async () => {
    const client = createSentinel({
      name: sentinel.name,
      sentinelRootNodes: sentinel.sentinels.map(({ host, port }) => ({ host, port })),
      nodeClientOptions: user,
      sentinelClientOptions: user,
    })
    await useDuplicate(duplicate(client), sentinel.nodes)
    expect(client.isOpen).toBe(false)
  })

  it('Cluster, in both majors', async () => {
    const [{ host, port }] = cluster.nodes
    for (const client of [
      createCluster({ rootNodes: [{ socket: { host, port } }], defaults: user, keyPrefix: 'app:' }),
      createCluster({ rootNodes: [{ url: `redis://${host}:${port}` }], defaults: user }),
      five.createCluster({ rootNodes: [{ socket: { host, port } }], defaults: user }),
    ]) {
      await useDuplicate(duplicate(client), cluster.nodes)
      expect(client.isOpen).toBe(false)
    }
  })

  it('and says so when it cannot be', () => {
    const rootNodes = [{ url: 'redis://127.0.0.1:1' }]
    const nodeAddressMap = (): undefined => undefined
    expect(() => duplicate(createCluster({ rootNodes, nodeAddressMap }))).toThrow(
      /nodeAddressMap is a function: pass { sentinel } or { cluster }/,
    )
    expect(() => duplicate(createClientPool({ url: 'redis://127.0.0.1:1' }))).toThrow(
      /a pool keeps its settings to itself.*pass { url }/,
    )
    const sentinelRootNodes = [{ host: '127.0.0.1', port: 1 }]
    expect(() => duplicate(five.createSentinel({ name: 'm', sentinelRootNodes }))).toThrow(
      /a Sentinel of node-redis 5 keeps its settings to itself/,
    )
  })
})
