import { Keyspace, type StorageDriver } from '@cairnkit/core'
import {
  type ClusterLab,
  type LabNode,
  type SentinelLab,
  type StandaloneLab,
  type StandaloneTlsLab,
  startLab,
} from '@cairnkit/redis-lab'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RedisAddress } from '../../src/connections/index.js'

/** Who the clients log in as, by settings. */
export interface TestUser {
  readonly username: string
  readonly password: string
}

const user: TestUser = { username: 'member', password: 'p@ss/word' }

type Makers<Client> = Readonly<Record<string, () => Client>>

/** How applications make the clients of a library that are to be duplicated, in each way that settings can be given. */
export interface DuplicableClients<Client> {
  createDriver(options: {
    readonly client: Client
    readonly duplicate: true
    readonly clientName?: string
  }): StorageDriver
  /** Whether nobody has told it to connect. */
  isIdle(client: Client): boolean
  /** Of database 3. `url` names the user and the database as well. */
  standalone(server: RedisAddress & { readonly url: string; readonly user: TestUser }): Makers<Client>
  tls(server: { readonly port: number; readonly ca: string; readonly user: TestUser }): Makers<Client>
  sentinel(servers: {
    readonly name: string
    readonly nodes: readonly RedisAddress[]
    readonly user: TestUser
  }): Makers<Client>
  /** `url` names the user as well. */
  cluster(node: RedisAddress & { readonly url: string; readonly user: TestUser }): Makers<Client>
  /** With settings that cannot be read, or not be shared. */
  readonly refused: Readonly<Record<string, readonly [make: () => Client, says: RegExp]>>
  /** With any settings. */
  any(): Client
}

/** The name that the driver's own connections have, and no other. */
const OURS = 'duplicated'

async function ours(nodes: readonly LabNode[]): Promise<number> {
  const lists = await Promise.all(nodes.map(async (node) => String(await node.command('CLIENT', 'LIST'))))
  return lists.join('\n').match(new RegExp(` name=${OURS} `, 'g'))?.length ?? 0
}

/** Uses a driver that duplicated a client: over connections of its own, which end with it. */
async function useDuplicate(driver: StorageDriver, nodes: readonly LabNode[]): Promise<void> {
  await driver.open()
  const put = { type: 'put', key: ['k'], bytes: Buffer.from('v'), refs: [] } as const
  const partition = new Keyspace(driver, ['duplicate']).partition('p')
  expect(await partition.commit({ mutations: [put] })).toMatchObject({ ok: true })
  await expect.poll(() => ours(nodes)).toBeGreaterThan(0)
  await driver.close()
  await expect.poll(() => ours(nodes)).toBe(0)
}

const addressOf = ({ host, port }: LabNode): RedisAddress => ({ host, port })

/** What a driver does with a client whose settings would do harm, when it may open connections of its own. */
export function describeDuplicates<Client>(clients: DuplicableClients<Client>): void {
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

    const userinfo = `${user.username}:${encodeURIComponent(user.password)}`

    async function useAll(makers: Makers<Client>, nodes: readonly LabNode[]): Promise<void> {
      for (const [name, make] of Object.entries(makers)) {
        const client = make()
        await useDuplicate(clients.createDriver({ client, duplicate: true, clientName: OURS }), nodes)
        expect(clients.isIdle(client), name).toBe(true)
      }
    }

    it('one server', async () => {
      const [node] = standalone.nodes
      const { host, port } = node
      const url = `redis://${userinfo}@${host}:${port}/3`
      await useAll(clients.standalone({ host, port, url, user }), standalone.nodes)
      const keys = String(await node.command('INFO', 'keyspace'))
      expect(keys).toMatch(/^db3:/m)
      expect(keys).not.toMatch(/^db0:/m)
    })

    it('TLS', async () => {
      const { ca, username, password } = tls
      const [{ port }] = tls.nodes
      for (const make of Object.values(clients.tls({ port, ca, user: { username, password } }))) {
        await using driver = clients.createDriver({ client: make(), duplicate: true })
        await expect(driver.open()).resolves.toBeUndefined()
      }
    })

    it('Sentinel', async () => {
      const nodes = sentinel.sentinels.map(addressOf)
      await expect(
        useAll(clients.sentinel({ name: sentinel.name, nodes, user }), sentinel.nodes),
      ).resolves.toBeUndefined()
    })

    it('Cluster', async () => {
      const { host, port } = addressOf(cluster.nodes[0])
      const url = `redis://${userinfo}@${host}:${port}`
      await expect(useAll(clients.cluster({ host, port, url, user }), cluster.nodes)).resolves.toBeUndefined()
    })

    for (const [name, [make, says]] of Object.entries(clients.refused)) {
      it(`or it is said why it cannot be: ${name}`, () => {
        expect(() => clients.createDriver({ client: make(), duplicate: true })).toThrow(says)
      })
    }

    it('and keeps the settings that it has', () => {
      const options = { client: clients.any(), duplicate: true, db: 2 } as const
      expect(() => clients.createDriver(options)).toThrow(/db cannot go with client: set it on the client/)
    })
  })
}
