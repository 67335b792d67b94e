import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StorageDriver } from '@cairnkit/core'
import { type SentinelLab, type StandaloneLab, type StandaloneTlsLab, startLab } from '@cairnkit/redis-lab'
import type { CreateDriver } from './client-under-test.js'
import { LocalServer, refusedPort, silentServer, webServer } from '../support/servers.js'

const SECRET = 'correct-horse'
const connectTimeoutMs = 400
/** For servers that answer: a busy machine is to hear the answer before its time is up. */
const answeredMs = 4000
/** More than either takes on a busy machine, and less than the clients' own 10 s. */
const LATE_MS = 9000

/** Opens twice, because a failure must leave nothing behind that keeps the second attempt from being made. */
async function failure(driver: StorageDriver): Promise<{ code: string; disposition: string; text: string }> {
  await driver.open().catch(() => undefined)
  const startedAt = performance.now()
  const cause: unknown = await driver.open().then(
    () => expect.unreachable('it opened'),
    (error: unknown) => error,
  )
  expect(performance.now() - startedAt).toBeLessThan(LATE_MS)
  expect(inspect(cause, { depth: 20, showHidden: true })).not.toContain(SECRET)
  const { code, disposition } = driver.classify(cause)
  await driver.close()
  return { code, disposition, text: String(cause) }
}

/** What opening a driver says about a server that is not there, is not Redis, or does not let it in. */
export function describeConnectFailures(createDriver: CreateDriver): void {
  describe('a server that cannot be used', () => {
    it('a port on which nobody listens', async () => {
      const port = await refusedPort()
      const fault = await failure(
        createDriver({ url: `redis://:${SECRET}@127.0.0.1:${port}`, connectTimeoutMs }),
      )
      expect(fault).toMatchObject({
        code: 'unavailable',
        disposition: 'transient',
        text: expect.stringContaining('ECONNREFUSED'),
      })
    })

    it('a name that does not exist', async () => {
      const nodes = [{ host: 'no-such-host.invalid', port: 6379 }]
      for (const target of [
        { url: 'redis://no-such-host.invalid' },
        { sentinel: { name: 'm', nodes } },
        { cluster: { nodes } },
      ]) {
        const { code, disposition, text } = await failure(createDriver({ ...target, connectTimeoutMs }))
        // Where nobody can be asked for names, it may exist.
        expect([code, disposition]).toEqual(
          text.includes('ENOTFOUND') ? ['unavailable', 'permanent'] : [code, 'transient'],
        )
      }
    })

    for (const [name, start, code] of [
      ['a silent server', silentServer, 'timeout'],
      ['a web server', webServer, 'unsupported'],
    ] as const) {
      it(`${name}, without and with a password`, async () => {
        await using server = await start()
        for (const userinfo of ['', `:${SECRET}@`]) {
          const url = `redis://${userinfo}127.0.0.1:${server.port}`
          expect(await failure(createDriver({ url, connectTimeoutMs }))).toMatchObject({ code })
        }
      })

      it(`${name} in the place of a Sentinel and of a cluster node`, async () => {
        await using server = await start()
        const nodes = [{ host: server.host, port: server.port }]
        for (const target of [{ sentinel: { name: 'm', nodes } }, { cluster: { nodes } }]) {
          const fault = await failure(createDriver({ ...target, connectTimeoutMs }))
          expect(fault.code).toMatch(/unavailable|timeout|unsupported/)
        }
      })
    }

    it('leaves no connection behind', async () => {
      await using server = await silentServer()
      const nodes = [{ host: server.host, port: server.port }]
      for (const target of [
        { url: `redis://:${SECRET}@127.0.0.1:${server.port}` },
        { sentinel: { name: 'm', nodes } },
        { cluster: { nodes } },
      ]) {
        const driver = createDriver({ ...target, connectTimeoutMs, poolSize: 2 })
        await expect(driver.open()).rejects.toThrow(/Cannot connect|no answer|did not answer/)
        await expect.poll(() => server.connections, { timeout: 120_000 }).toBe(0)
      }
    })

    it('ends when it is closed while it connects, and when the caller gives up', async () => {
      await using server = await silentServer()
      const closing = createDriver({ url: `redis://:p@127.0.0.1:${server.port}` })
      const opened = closing.open()
      setTimeout(() => void closing.close(), 20)
      await expect(opened).rejects.toThrow('closed')
      await expect(
        createDriver({ url: `redis://:p@127.0.0.1:${server.port}`, connectTimeoutMs: 5000 }).open({
          signal: AbortSignal.timeout(20),
        }),
      ).rejects.toThrow('aborted')
      await expect.poll(() => server.connections, { timeout: 120_000 }).toBe(0)
    })
  })

  describe('a server that refuses', () => {
    let lab: StandaloneTlsLab
    let plain: StandaloneLab
    let sentinel: SentinelLab

    beforeAll(async () => {
      ;[lab, plain, sentinel] = await Promise.all([
        startLab('standalone-tls'),
        startLab('standalone', { config: { databases: '2' } }),
        startLab('sentinel'),
      ])
      await plain.nodes[0].command('CONFIG', 'SET', 'requirepass', SECRET)
    })
    afterAll(() => Promise.all([lab, plain, sentinel].map((one) => one.stop())))

    const url = (userinfo = ''): string => `redis://${userinfo}127.0.0.1:${plain.nodes[0].port}`

    it('a wrong password, and none', async () => {
      for (const userinfo of ['', ':wrong@', 'nobody:wrong@']) {
        expect(
          await failure(createDriver({ url: url(userinfo), connectTimeoutMs: answeredMs })),
        ).toMatchObject({
          code: 'auth',
          disposition: 'permanent',
        })
      }
    })

    it('a database that it does not have, rather than another one', async () => {
      expect(
        await failure(createDriver({ url: `${url(`:${SECRET}@`)}/7`, connectTimeoutMs: answeredMs })),
      ).toMatchObject({
        code: 'unsupported',
      })
    })

    it('certificates of an unknown authority and for another name, and a plain connection', async () => {
      const secure = { username: lab.username, password: lab.password, connectTimeoutMs: answeredMs }
      const { port } = lab.nodes[0]
      expect(await failure(createDriver({ ...secure, url: `rediss://localhost:${port}` }))).toMatchObject({
        code: 'unavailable',
        disposition: 'permanent',
        text: expect.stringMatching(/TLS: .*certificate/),
      })
      const tls = { ca: lab.ca, servername: 'example.org' }
      expect(
        await failure(createDriver({ ...secure, url: `rediss://localhost:${port}`, tls })),
      ).toMatchObject({
        code: 'unavailable',
        disposition: 'permanent',
        text: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
      })
      expect(
        (await failure(createDriver({ ...secure, connectTimeoutMs, url: `redis://localhost:${port}` }))).code,
      ).toBe('unavailable')
      // A plain server takes a TLS greeting for the beginning of a command, and waits for the rest. The client gives up at
      // the same time as the driver: whichever tells of it, it tells what to look at.
      const tlsToPlain = createDriver({ url: `rediss://127.0.0.1:${plain.nodes[0].port}`, connectTimeoutMs })
      expect(await failure(tlsToPlain)).toMatchObject({
        code: 'timeout',
        text: expect.stringContaining('do both sides agree on TLS?'),
      })
    })

    it('a primary of a name that the Sentinels do not know, though they know others', async () => {
      const nodes = sentinel.sentinels.map(({ host, port }) => ({ host, port }))
      expect(
        await failure(createDriver({ sentinel: { name: 'nobody', nodes }, connectTimeoutMs: answeredMs })),
      ).toMatchObject({
        code: 'unavailable',
        disposition: 'permanent',
        text: expect.stringMatching(
          new RegExp(`know no primary of this name.*nobody; they know ${sentinel.name}\\b`),
        ),
      })
    })

    it('a primary that the Sentinels that answer do not know, or not yet', async () => {
      const nodes = sentinel.sentinels.map(({ host, port }) => ({ host, port }))
      const away = { host: '127.0.0.1', port: await refusedPort() }
      expect(
        await failure(
          createDriver({ sentinel: { name: 'nobody', nodes: [...nodes, away] }, connectTimeoutMs: 5000 }),
        ),
      ).toMatchObject({
        code: 'unavailable',
        disposition: 'transient',
        text: expect.stringContaining('know no primary of this name, or not yet'),
      })
    })

    it('a certificate, and who showed it where several were asked', async () => {
      const nodes = [{ host: 'localhost', port: lab.nodes[0].port }]
      const options = { tls: true, connectTimeoutMs: answeredMs }
      const name = `localhost:${lab.nodes[0].port}`
      expect(await failure(createDriver({ ...options, sentinel: { name: 'm', nodes } }))).toMatchObject({
        code: 'unavailable',
        disposition: 'permanent',
        text: expect.stringMatching(new RegExp(`the Sentinel ${name}: TLS: .*certificate`)),
      })
      expect(await failure(createDriver({ ...options, cluster: { nodes } }))).toMatchObject({
        code: 'unavailable',
        disposition: 'permanent',
        text: expect.stringMatching(new RegExp(`: ${name}: TLS: .*certificate`)),
      })
    })

    it('a single server in the place of a Sentinel, and of a cluster', async () => {
      const nodes = [{ host: '127.0.0.1', port: plain.nodes[0].port }]
      const credentials = { password: SECRET, connectTimeoutMs: answeredMs }
      expect(
        await failure(
          createDriver({ sentinel: { name: 'm', nodes }, sentinelPassword: SECRET, ...credentials }),
        ),
      ).toMatchObject({ code: 'unsupported', text: expect.stringContaining('no Sentinel') })
      expect(await failure(createDriver({ cluster: { nodes }, ...credentials }))).toMatchObject({
        code: 'unsupported',
        text: expect.stringContaining('no cluster'),
      })
    })

    it('opens all the same when one Sentinel hangs', async () => {
      await using hanging = await LocalServer.start((socket) => socket.resume())
      const nodes = [hanging, ...sentinel.sentinels].map(({ host, port }) => ({ host, port }))
      await using driver = createDriver({
        sentinel: { name: sentinel.name, nodes },
        connectTimeoutMs: 20_000,
      })
      await expect(driver.open()).resolves.toBeUndefined()
    })
  })
}
