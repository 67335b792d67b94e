import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type StorageDriver, StorageError } from '@cairnkit/core'
import { createIoredisDriver } from '@cairnkit/ioredis'
import { CairnSaver } from '@cairnkit/langgraph'
import { createNodeRedisDriver } from '@cairnkit/node-redis'
import {
  type CertificateFlaw,
  type Lab,
  type LabNode,
  makeCertificates,
  makeServerCertificate,
  startLab,
} from '@cairnkit/redis-lab'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { chatGraph, human, textsOf, threadConfig } from '../src/graphs.js'
import { TlsFront } from './security/tls-front.js'

/** A busy machine takes seconds for the handshakes of a cluster. */
const CONNECT_TIMEOUT_MS = 20_000

const NO_NETWORK = 'this storage is not on a network'
const NO_PLAIN_SERVER =
  'the servers of this lab speak TLS themselves, and the front in front of them would not'
const NOWHERE = { client: 'ioredis', topology: 'standalone' } as const

const cell = await openCell('tls')
afterAll(async () => await cell[Symbol.asyncDispose]())
const { storage } = cell.cell

/** Plain servers behind TLS: any certificate, in front of any topology. */
describe('TLS', () => {
  const { client, topology } = storage.kind === 'redis' ? storage : NOWHERE
  const ends: (() => Promise<void>)[] = []
  const create = client === 'ioredis' ? createIoredisDriver : createNodeRedisDriver
  let directory: string
  let lab: Lab
  let ca: string

  beforeEach((context) => {
    if (storage.kind !== 'redis') context.skip(NO_NETWORK)
    if (topology === 'standalone-tls') context.skip(NO_PLAIN_SERVER)
  })
  beforeAll(async () => {
    if (storage.kind !== 'redis') return
    directory = await mkdtemp(join(tmpdir(), 'cairn-tls-'))
    const [started, files] = await Promise.all([startLab(topology), makeCertificates(directory)])
    lab = started
    ends.push(
      async () => await lab.stop(),
      async () => await rm(directory, { recursive: true, force: true }),
    )
    ca = await readFile(files.caFile, 'utf8')
  })
  afterAll(async () => {
    for (const end of ends) await end()
  })

  const front = async (flaw?: CertificateFlaw): Promise<TlsFront> => {
    const nodes = lab.kind === 'sentinel' ? [...lab.nodes, ...lab.sentinels] : lab.nodes
    return await TlsFront.open(nodes, await makeServerCertificate(directory, flaw))
  }

  const driverTo = (
    behind: TlsFront,
    tls: true | { readonly ca: string },
    host = '127.0.0.1',
  ): StorageDriver => {
    const common = { tls, connectTimeoutMs: CONNECT_TIMEOUT_MS }
    const reach = (node: LabNode): { host: string; port: number } => ({ host, port: behind.of(node).port })
    const addressMap = Object.fromEntries(
      Object.entries(behind.addressMap).map(([announced, { port }]) => [announced, { host, port }]),
    )
    switch (lab.kind) {
      case 'standalone':
      case 'standalone-tls': {
        return create({ ...common, url: `rediss://${host}:${reach(lab.nodes[0]).port}` })
      }
      case 'sentinel':
        return create({
          ...common,
          sentinel: { name: lab.name, nodes: lab.sentinels.map(reach), addressMap },
        })
      case 'cluster':
        return create({ ...common, cluster: { nodes: lab.nodes.map(reach), addressMap } })
    }
  }

  test('with a certificate of the right authority, name and time, a chat goes on', async () => {
    await using behind = await front()
    await using driver = driverTo(behind, { ca })
    for (const text of ['one', 'two'])
      await chatGraph(new CairnSaver(driver)).invoke(human(text), threadConfig('secure'))
    const state = await chatGraph(new CairnSaver(driver)).getState(threadConfig('secure'))
    expect(textsOf(state.values.messages)).toEqual(['one', 'answer 1', 'two', 'answer 3'])
    const threads: string[] = []
    for await (const { config } of new CairnSaver(driver).list({}))
      threads.push(String(config.configurable?.['thread_id']))
    expect(new Set(threads)).toEqual(new Set(['secure']))
  })

  test.each(['localhost', '127.0.0.1'])(
    'each connection names the host %s that it goes to, unless it is an address',
    async (host) => {
      await using behind = await front()
      await using driver = driverTo(behind, { ca }, host)
      await driver.open()
      await chatGraph(new CairnSaver(driver)).invoke(human('one'), threadConfig('named'))
      for await (const _ of driver.partitions('')) break
      expect(behind.names.length).toBeGreaterThan(0)
      expect(new Set(behind.names)).toEqual(new Set([host === 'localhost' ? host : undefined]))
    },
  )

  test('a node that others have named is itself named when its certificate is refused', async (context) => {
    if (lab.kind === 'standalone' || lab.kind === 'standalone-tls')
      return context.skip('nobody but the user names a single server')
    await using good = await front()
    await using bad = await front('other-name')
    const common = { tls: { ca }, connectTimeoutMs: CONNECT_TIMEOUT_MS }
    const reach = (node: LabNode): { host: string; port: number } => good.of(node)
    const { addressMap } = bad
    await using driver =
      lab.kind === 'sentinel'
        ? create({ ...common, sentinel: { name: lab.name, nodes: lab.sentinels.map(reach), addressMap } })
        : create({ ...common, cluster: { nodes: lab.nodes.map(reach), addressMap } })
    const failure: unknown = await driver.open().catch((cause: unknown) => cause)
    const tried = Object.values(addressMap).map(({ host, port }) => `${host}:${port}: TLS: `)
    expect(
      tried.some((text) => String(failure).includes(text)),
      String(failure),
    ).toBe(true)
    expect(String(failure)).toMatch(/named by the (cluster|Sentinels).* addressMap/)
    expect(driver.classify(failure)).toMatchObject({ code: 'unavailable', disposition: 'permanent' })
  })

  const refused: readonly (readonly [string, CertificateFlaw | undefined, boolean, RegExp])[] = [
    ['of an authority that nobody named', undefined, false, /TLS: .*certificate/],
    ['that the server signed itself', 'self-signed', true, /TLS: .*self.signed/i],
    ['of another host', 'other-name', true, /TLS: .*ERR_TLS_CERT_ALTNAME_INVALID/],
    ['that has expired', 'expired', true, /TLS: .*(expired|CERT_HAS_EXPIRED)/],
  ]
  test.each(refused)('a certificate %s is refused', async (_name, flaw, knowsAuthority, reason) => {
    await using behind = await front(flaw)
    await using driver = driverTo(behind, knowsAuthority ? { ca } : true)
    await expect(driver.open()).rejects.toMatchObject({ code: 'unavailable', disposition: 'permanent' })
    const failure: unknown = await new CairnSaver(driver)
      .getTuple(threadConfig('secure'))
      .catch((cause: unknown) => cause)
    if (!StorageError.isInstance(failure)) throw failure
    expect(failure.message).toMatch(reason)
    expect({ code: failure.code, disposition: failure.disposition, attempts: failure.attempts }).toEqual({
      code: 'unavailable',
      disposition: 'permanent',
      attempts: 1,
    })
  })
})
