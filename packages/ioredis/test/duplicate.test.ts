import {
  type ClusterLab,
  type SentinelLab,
  type StandaloneLab,
  type StandaloneTlsLab,
  startLab,
} from '@cairnkit/redis-lab'
import { Cluster, Redis } from 'ioredis'
import * as five from 'ioredis-5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OURS, useDuplicate } from '../../redis-kernel/test/clients/duplicates.js'
import { type IoredisClient, createIoredisDriver } from '../src/index.js'

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

  const duplicate = (client: IoredisClient) =>
    createIoredisDriver({ client, duplicate: true, clientName: OURS })

  it('one server, by settings and by URL, in both majors', async () => {
    const { host, port } = standalone.nodes[0]
    for (const client of [
      new Redis({ lazyConnect: true, host, port, ...user, db: 3, keyPrefix: 'app:' }),
      new Redis(`redis://${encoded}@${host}:${port}/3`, { lazyConnect: true, maxRetriesPerRequest: null }),
      new five.Redis(`redis://${encoded}@${host}:${port}/3`, { lazyConnect: true }),
    ]) {
      await useDuplicate(duplicate(client), standalone.nodes)
      expect(client.status).toBe('wait')
    }
    const keys = String(await standalone.nodes[0].command('INFO', 'keyspace'))
    expect(keys).toMatch(/^db3:/m)
    expect(keys).not.toMatch(/^db0:/m)
  })

  it('TLS', async () => {
    const { port } = tls.nodes[0]
    const { ca, username, password } = tls
    const client = new Redis({ lazyConnect: true, host: 'localhost', port, username, password, tls: { ca } })
    await using driver = createIoredisDriver({ client, duplicate: true })
    await expect(driver.open()).resolves.toBeUndefined()
  })

  it('Sentinel, in both majors', async () => {
    const sentinels = sentinel.sentinels.map(({ host, port }) => ({ host, port }))
    const ofSentinels = { sentinelUsername: user.username, sentinelPassword: user.password }
    const options = { lazyConnect: true, name: sentinel.name, sentinels, ...user, ...ofSentinels }
    for (const client of [new Redis(options), new five.Redis(options)]) {
      await useDuplicate(duplicate(client), sentinel.nodes)
      expect(client.status).toBe('wait')
    }
  })

  it('Cluster, in both majors, however its nodes are given', async () => {
    const [{ host, port }] = cluster.nodes
    const redisOptions = user
    for (const client of [
      new Cluster([{ host, port }], { lazyConnect: true, redisOptions }),
      new Cluster([`redis://${encoded}@${host}:${port}`], { lazyConnect: true }),
      new Cluster([port], { lazyConnect: true, redisOptions }),
      new five.Cluster([{ host, port }], { lazyConnect: true, redisOptions }),
    ]) {
      await useDuplicate(duplicate(client), cluster.nodes)
      expect(client.status).toBe('wait')
    }
  })

  it('and says so when it cannot be', () => {
    const options = { lazyConnect: true, natMap: (key: string) => ({ host: key, port: 1 }) }
    const client = new Cluster([{ host: '127.0.0.1', port: 1 }], options)
    expect(() => duplicate(client)).toThrow(/natMap is a function: pass { sentinel } or { cluster }/)
    const theirs = new Redis({ lazyConnect: true })
    expect(() => createIoredisDriver({ client: theirs, duplicate: true, db: 2 } as never)).toThrow(
      /db cannot go with client: set it on the client/,
    )
    theirs.disconnect()
  })
})
