import { Keyspace, type StorageDriver, StorageError } from '@cairnkit/core'
import { DriverFault } from '@cairnkit/core/driver'
import {
  type ClusterLab,
  type SentinelLab,
  type StandaloneLab,
  type StandaloneTlsLab,
  startLab,
  waitFor,
} from '@cairnkit/redis-lab'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AddressMap,
  type RedisAddress,
  type RedisTransport,
  planConnection,
} from '../../src/connections/index.js'
import { proxied } from '../support/proxied.js'
import { SlowLink } from '../support/servers.js'
import type { CreateDriver, CreateTransport, DriverOptions } from './client-under-test.js'
import { addresses, untilSent } from './recovery-kit.js'

/** A transport over a client that the caller made, and what ends that client. */
export interface OverGiven {
  readonly transport: RedisTransport
  readonly end: () => void
}

export interface SlowLinkSubjects {
  readonly createTransport: CreateTransport
  readonly createDriver: CreateDriver
  /** By what the client is: to one server at this port. */
  readonly given: Readonly<Record<string, (port: number, commandTimeoutMs: number) => OverGiven>>
  readonly givenCluster: (
    nodes: readonly RedisAddress[],
    addressMap: AddressMap,
    commandTimeoutMs: number,
  ) => OverGiven
}

/** How long a connection may be silent. */
const commandTimeoutMs = 1000

const value = Buffer.alloc(320 * 1024, 'v')

/** An answer with it takes three times as long as a connection may be silent. */
function makeSlow(link: SlowLink): void {
  link.pieceBytes = 8192
  link.pieceMs = 80
}

const key = Buffer.from('cairn:large')

async function store(transport: RedisTransport): Promise<void> {
  await transport.connect({ timeoutMs: 5000 })
  await transport.send(key, ['ZADD', key, '0', value])
}

/** A large answer and a small one behind it, over a slow link: they come, on the connection on which they were asked for. */
async function expectArrival(transport: RedisTransport, link: SlowLink): Promise<void> {
  await store(transport)
  makeSlow(link)
  const { accepted } = link
  const startedAt = performance.now()
  const [large, small] = await Promise.all([
    transport.send(key, ['ZRANGE', key, '0', '-1']),
    transport.send(key, ['ZCARD', key]),
  ])
  expect(performance.now() - startedAt).toBeGreaterThan(2 * commandTimeoutMs)
  const [member] = large as readonly Uint8Array[]
  expect(member !== undefined && value.equals(member)).toBe(true)
  expect(small).toBe(1)
  expect(link.accepted).toBe(accepted)
  await transport.close()
}

/** What becomes of commands whose answers come slowly, and of connections that are made slowly. */
export function describeSlowLinks(subjects: SlowLinkSubjects): void {
  const { createTransport, createDriver, given, givenCluster } = subjects
  const transportOf = (options: DriverOptions): RedisTransport => createTransport(planConnection(options))

  let standalone: StandaloneLab
  let sentinel: SentinelLab
  let cluster: ClusterLab
  let secure: StandaloneTlsLab
  beforeAll(async () => {
    ;[standalone, sentinel, cluster, secure] = await Promise.all([
      startLab('standalone'),
      startLab('sentinel'),
      startLab('cluster'),
      startLab('standalone-tls'),
    ])
  })
  afterAll(() => Promise.all([standalone, sentinel, cluster, secure].map((lab) => lab.stop())))

  describe.concurrent('an answer that comes byte by byte', () => {
    it('is not cut: one server', async () => {
      const link = new SlowLink()
      await using proxy = await link.before(standalone.nodes[0])
      await expectArrival(transportOf({ url: `redis://127.0.0.1:${proxy.port}`, commandTimeoutMs }), link)
    })

    it('is not cut: one server by TLS', async () => {
      const link = new SlowLink()
      await using proxy = await link.before(secure.nodes[0])
      const { username, password, ca } = secure
      const url = `rediss://localhost:${proxy.port}`
      await expectArrival(transportOf({ url, username, password, tls: { ca }, commandTimeoutMs }), link)
    })

    it('is not cut: a primary behind Sentinels', async () => {
      const link = new SlowLink()
      await using servers = await proxied(link, sentinel.nodes)
      const nodes = addresses(sentinel.sentinels)
      const target = { name: sentinel.name, nodes, addressMap: servers.addressMap }
      await expectArrival(transportOf({ sentinel: target, commandTimeoutMs }), link)
    })

    it('is not cut: a cluster', async () => {
      const link = new SlowLink()
      await using servers = await proxied(link, cluster.nodes)
      const target = { nodes: servers.nodes.slice(0, 3), addressMap: servers.addressMap }
      await expectArrival(transportOf({ cluster: target, commandTimeoutMs }), link)
    })

    for (const [name, over] of Object.entries(given)) {
      it(`is not cut: ${name} that was brought`, async () => {
        const link = new SlowLink()
        await using proxy = await link.before(standalone.nodes[0])
        const { transport, end } = over(proxy.port, commandTimeoutMs)
        await expectArrival(transport, link)
        end()
      })
    }

    it('is not cut: a cluster that was brought', async () => {
      const link = new SlowLink()
      await using servers = await proxied(link, cluster.nodes)
      const { transport, end } = givenCluster(servers.nodes.slice(0, 3), servers.addressMap, commandTimeoutMs)
      await expectArrival(transport, link)
      end()
    })

    it('and stops halfway is no sign of life any more', async () => {
      const link = new SlowLink()
      await using proxy = await link.before(standalone.nodes[0])
      const transport = transportOf({ url: `redis://127.0.0.1:${proxy.port}`, commandTimeoutMs })
      await store(transport)
      makeSlow(link)
      const { passed } = link
      const answer = transport.send(key, ['ZRANGE', key, '0', '-1']).catch((cause: unknown) => cause)
      await waitFor('some of it has come', () => link.passed > passed + 20_000 || undefined)
      link.stop()
      const cause = await answer
      expect(cause).toBeInstanceOf(DriverFault)
      expect(cause).toMatchObject({ code: 'timeout', disposition: 'ambiguous' })
      expect(String(cause)).toMatch(/\d+ kB had come on its connection, and then nothing for 1000 ms/)
      expect((cause as DriverFault).advice).toContain('commandTimeoutMs')
      await transport.close()
    })

    it('ends with the time of its call, which says how much came and which option helps', async () => {
      const link = new SlowLink()
      await using proxy = await link.before(standalone.nodes[0])
      await using driver = createDriver({ url: `redis://127.0.0.1:${proxy.port}`, commandTimeoutMs })
      const space = new Keyspace(driver, ['slow'], { timeoutMs: 20_000 })
      const large = space.partition('large')
      await large.commit({ mutations: [{ type: 'put', key: ['k'], bytes: value, refs: [] }] })
      const reads = [{ type: 'get', key: ['k'] }] as const
      makeSlow(link)
      const failure = async (read: Promise<unknown>): Promise<StorageError> => {
        const cause: unknown = await read.catch((error: unknown) => error)
        if (!StorageError.isInstance(cause)) throw new Error('it did not fail', { cause })
        return cause
      }
      const arrives = large.read(reads)
      const cut = failure(large.read(reads, { timeoutMs: 1500 }))
      const behind = failure(space.partition('small').read(reads, { timeoutMs: 1500 }))
      expect(await cut).toMatchObject({ code: 'timeout', attempts: 1 })
      expect((await cut).message).toMatch(
        /kB came on its connection in the last \d+ ms.* more time with timeoutMs/,
      )
      expect((await behind).message).toMatch(/behind \d+ other commands.* larger poolSize/)
      const [result] = await arrives
      expect(value.equals(result.record?.bytes ?? new Uint8Array())).toBe(true)
    })
  })

  describe.concurrent('a connection that is made slowly', () => {
    /** A driver whose first call took several times as long to connect as that may take when nobody waits for it. */
    async function afterFirstCall(
      options: DriverOptions,
      link: SlowLink,
      pieceBytes: number,
    ): Promise<StorageDriver> {
      await using before = createDriver(options)
      // The servers know the scripts then, so answers are short.
      expect(await before.drop('p')).toBe(false)
      link.pieceBytes = pieceBytes
      link.pieceMs = 400
      // Long enough for one piece on a busy machine, and too short for the greeting as a whole.
      const driver = createDriver({ ...options, connectTimeoutMs: 3000 })
      // No attempt would ever end, were each cut when its own time is up.
      const partition = new Keyspace(driver, ['slow'], { timeoutMs: 60_000 }).partition('p')
      expect(await partition.drop()).toBe(false)
      return driver
    }

    it('is not cut while a call has time for it, nor when it is made anew: one server', async () => {
      const link = new SlowLink()
      await using proxy = await link.before(standalone.nodes[0])
      await using driver = await afterFirstCall({ url: `redis://127.0.0.1:${proxy.port}/3` }, link, 3)
      link.cut()
      const partition = new Keyspace(driver, ['slow'], { timeoutMs: 60_000 }).partition('p')
      expect(await partition.drop()).toBe(false)
    })

    it('is not cut while a call has time for it: a primary behind Sentinels', async () => {
      const link = new SlowLink()
      await using servers = await proxied(link, sentinel.nodes)
      const nodes = addresses(sentinel.sentinels)
      const target = { name: sentinel.name, nodes, addressMap: servers.addressMap }
      const driver = await afterFirstCall({ sentinel: target }, link, 80)
      await expect(driver.close()).resolves.toBeUndefined()
    })

    it('is not cut while a call has time for it: a cluster', async () => {
      const link = new SlowLink()
      await using servers = await proxied(link, cluster.nodes)
      const target = { nodes: servers.nodes.slice(0, 3), addressMap: servers.addressMap }
      const driver = await afterFirstCall({ cluster: target }, link, 80)
      await expect(driver.close()).resolves.toBeUndefined()
    })

    it('is cut when the time for it is up and nobody has more, and says what helps', async () => {
      const link = new SlowLink()
      await using proxy = await link.before(standalone.nodes[0])
      link.pieceBytes = 1
      link.pieceMs = 200
      await using driver = createDriver({ url: `redis://127.0.0.1:${proxy.port}/3`, connectTimeoutMs: 1000 })
      const cause: unknown = await driver.open().catch((error: unknown) => error)
      expect(cause).toMatchObject({
        code: 'timeout',
        disposition: 'transient',
        advice: expect.stringContaining('connectTimeoutMs'),
      })
      expect(String(cause)).toMatch(/after \d+ ms, though \d+ bytes came from there/)
    })

    it('is made anew with as much patience: a primary behind Sentinels', async () => {
      const link = new SlowLink()
      await using servers = await proxied(link, sentinel.nodes)
      const nodes = addresses(sentinel.sentinels)
      const target = { name: sentinel.name, nodes, addressMap: servers.addressMap }
      // A quarter of it is the time for one of several servers, and one takes longer.
      const transport = transportOf({ sentinel: target, connectTimeoutMs: 4000 })
      link.pieceBytes = 40
      link.pieceMs = 100
      await transport.connect({ timeoutMs: 8000 })
      link.cut()
      // A command that is sent in this moment is lost, once.
      const sent = untilSent(transport, 'anew').catch(() => untilSent(transport, 'anew'))
      await expect(sent).resolves.toBeDefined()
      await transport.close()
    }, 60_000)
  })
}
