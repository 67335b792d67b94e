import { setTimeout as delay } from 'node:timers/promises'
import type { StorageDriver } from '@cairnkit/core'
import {
  type ClusterLab,
  type LabNode,
  type SentinelLab,
  type StandaloneLab,
  startLab,
  waitFor,
} from '@cairnkit/redis-lab'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RedisAddress, RedisTransport } from '../../src/connections/index.js'
import { ForgetfulNetwork } from '../support/servers.js'
import { expectToKeepDatabase } from './chosen-database.js'
import { expectToLeaveReplica } from './demotions.js'
import { unfit } from './unfit-clients.js'

/** Servers that clients of each kind are made for. */
export interface GivenLabs {
  readonly standalone: StandaloneLab
  readonly sentinel: SentinelLab
  readonly cluster: ClusterLab
}

/** Where a client of one server leads. */
export interface OneServer {
  readonly host: string
  readonly port: number
  readonly db?: number
}

interface Heard {
  listenerCount(event: 'error'): number
}

type Makers<Client> = Readonly<Record<string, () => Client>>

/** How applications make the clients of a library, and what the driver says of them. */
export interface GivenClients<Client> {
  createDriver(options: {
    readonly client: Client
    readonly connectTimeoutMs?: number
    readonly commandTimeoutMs?: number
  }): StorageDriver
  createTransport(client: Client): RedisTransport
  /** Whether it is connected. */
  isOpen(client: Client): boolean
  end(client: Client): unknown
  /** With settings that would do harm, and what is said of them. */
  readonly harmful: Readonly<Record<string, readonly [make: () => Client, says: RegExp]>>
  /** With settings that nobody can read. */
  readonly unreadable: Readonly<Record<string, readonly [make: () => Client, says: RegExp]>>
  readonly ofAnotherLibrary: readonly [client: unknown, says: RegExp]
  /** What looks like a client and is none. */
  readonly noClients: readonly unknown[]
  /** With settings that do no harm, for each topology. */
  all(labs: GivenLabs): Makers<Client>
  /** Of one server, each kind. */
  readonly single: Readonly<Record<string, (server: OneServer) => Client>>
  withSocketTimeout(server: OneServer, timeoutMs: number): Client
  /** Whether that setting ends a connection on which nothing is asked. */
  readonly endsIdleConnections: boolean
}

/** Addresses without what else a lab knows of its servers. */
export const addressesOf = (nodes: readonly LabNode[]): RedisAddress[] =>
  nodes.map(({ host, port }) => ({ host, port }))

/** What a driver does with a client that its user made. */
export function describeGivenClients<Client extends Heard>(given: GivenClients<Client>): void {
  describeRefusals(given)

  describe('a client that was given', () => {
    let labs: GivenLabs
    beforeAll(async () => {
      const [standalone, sentinel, cluster] = await Promise.all([
        startLab('standalone'),
        startLab('sentinel'),
        startLab('cluster'),
      ])
      labs = { standalone, sentinel, cluster }
    })
    afterAll(() => Promise.all([labs.standalone, labs.sentinel, labs.cluster].map((lab) => lab.stop())))

    it('is connected if it is not, used, never closed, and left without listeners of ours', async () => {
      for (const [name, make] of Object.entries(given.all(labs))) {
        const client = make()
        const before = client.listenerCount('error')
        const driver = given.createDriver({ client })
        await use(driver)
        expect(client.listenerCount('error'), name).toBe(before + 1)
        await driver.close()
        expect(given.isOpen(client), name).toBe(true)
        expect(client.listenerCount('error'), name).toBe(before)
        await given.end(client)
      }
    })

    it('serves calls that are made at once, again and again', async () => {
      for (const [name, make] of Object.entries(given.all(labs))) {
        const client = make()
        const driver = given.createDriver({ client, commandTimeoutMs: 1000 })
        await driver.open()
        const until = performance.now() + 100
        const loops = Array.from({ length: 8 }, async (_, at) => {
          while (performance.now() < until) await driver.drop(`loop-${at}`)
        })
        await expect(Promise.all(loops), name).resolves.toHaveLength(8)
        await driver.close()
        await given.end(client)
      }
    })

    it('is kept alive, and notices with a socketTimeout that the network forgot it before somebody needs it', async () => {
      // A busy machine takes a second or two for a call that must be quick.
      const socketTimeoutMs = 4000
      const network = new ForgetfulNetwork()
      await using proxy = await network.before(labs.standalone.nodes[0])
      const client = given.withSocketTimeout(proxy, socketTimeoutMs)
      const driver = given.createDriver({ client, commandTimeoutMs: socketTimeoutMs })
      await use(driver)
      const { standing } = network
      // Longer than a connection of such a client may be idle.
      if (given.endsIdleConnections) await delay(1.3 * socketTimeoutMs)
      expect([network.standing, network.accepted]).toEqual([standing, standing])
      network.forget()
      await waitFor('it is not taken for sound', () => network.forgotten === 0 || undefined)
      await delay(300)
      const startedAt = performance.now()
      await driver.read('p', [{ type: 'get', key: ['k'] }])
      expect(performance.now() - startedAt).toBeLessThan(0.7 * socketTimeoutMs)
      await driver.close()
      await given.end(client)
    })

    describe.concurrent.each(Object.entries(given.single))('of one server: %s', (_, make) => {
      it('leaves a server that has become a replica', async () => {
        const clients: Client[] = []
        const left = expectToLeaveReplica((port) => {
          const client = make({ host: '127.0.0.1', port })
          clients.push(client)
          return given.createTransport(client)
        })
        await expect(left).resolves.toBeUndefined()
        for (const client of clients) await given.end(client)
      })

      it('keeps its database when it could not choose it at first', async () => {
        const clients: Client[] = []
        const kept = expectToKeepDatabase((port) => {
          const client = make({ host: '127.0.0.1', port, db: 3 })
          clients.push(client)
          return given.createTransport(client)
        })
        await expect(kept).resolves.toBeUndefined()
        for (const client of clients) await given.end(client)
      })

      it('waits for a server that is not up yet', async () => {
        await using lab = await startLab('standalone')
        const [node] = lab.nodes
        await node.kill()
        const client = make(node)
        const driver = given.createDriver({ client, connectTimeoutMs: 30_000 })
        const restarted = delay(700).then(async () => await node.restart())
        await expect(Promise.all([use(driver), restarted])).resolves.toBeDefined()
        await driver.close()
        await given.end(client)
      })

      it('is refused at a node of a cluster', async () => {
        const client = make(labs.cluster.nodes[0])
        const driver = given.createDriver({ client })
        // Some of these belong to other nodes.
        const attempts = Array.from({ length: 8 }, (__, at) => driver.drop(`p${at}`))
        const failed = await Promise.allSettled(attempts)
        const reasons = failed.map((one) => (one.status === 'rejected' ? String(one.reason) : ''))
        expect(reasons.join()).toContain('a node of a cluster')
        await driver.close()
        await given.end(client)
      })
    })
  })
}

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

function describeRefusals<Client>(given: GivenClients<Client>): void {
  const refusal = (client: unknown): Error => {
    try {
      given.createDriver({ client: client as Client })
    } catch (cause) {
      if (cause instanceof TypeError) return cause
      throw cause
    }
    return expect.unreachable('it was taken')
  }

  describe('a client whose settings would do harm', () => {
    for (const [name, [make, says]] of Object.entries(given.harmful)) {
      it(`is refused, and shown the way out: ${name}`, () => {
        const client = make()
        const { message } = refusal(client)
        expect(message).toMatch(says)
        expect(message).toContain('{ client: existing, duplicate: true }')
        expect(given.isOpen(client)).toBe(false)
      })
    }
    for (const [name, [make, says]] of Object.entries(given.unreadable)) {
      it(`is refused where nobody can read them: ${name}`, () => {
        const client = make()
        expect(refusal(client).message).toMatch(says)
        expect(given.isOpen(client)).toBe(false)
      })
    }
  })

  it('a client of another library or major is refused by name, and what is no client', () => {
    for (const [client, says] of [given.ofAnotherLibrary, ...unfit]) {
      expect(refusal(client).message).toMatch(says)
    }
    for (const nothing of [null, 7, {}, Promise.resolve(), ...given.noClients]) {
      expect(refusal(nothing).message).toMatch(/client: expected/)
    }
  })
}
