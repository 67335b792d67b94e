import { writeFile, rm, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { StorageError } from '@cairnkit/core'
import {
  type Lab,
  type SentinelLab,
  type StandaloneLab,
  type StandaloneTlsLab,
  startLab,
} from '@cairnkit/redis-lab'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConnectOptions, connect } from '../src/index.js'

const SECRET = 'correct-horse'

describe('a wrong url', () => {
  const cases: Record<string, readonly [url: string, says: RegExp, options?: object]> = {
    'an unknown scheme': [
      `mongodb://u:${SECRET}@h`,
      /no scheme is named mongodb.*memory:, lmdb:, redis:, rediss:/,
    ],
    'no scheme': [`u:${SECRET}@h`, /begins with no scheme: for a server, write redis/],
    'not a URL': [SECRET, /expected a URL such as/],
    nothing: ['', /it is empty/],
    'quotation marks': ['"memory:"', /quotation marks/],
    'an unknown parameter without a server': ['memory:?timeout=1', /no parameter is named "timeout"/],
    'a "#" in the password': [`redis://:a#${SECRET}@h`, /write it as %23/],
    'an unknown parameter': [
      'redis://h?timeout=1',
      /no parameter is named "timeout". There are: client, keyPrefix/,
    ],
    'a parameter twice': ['redis://h?db=1&db=2', /db is given twice/],
    'a setting twice': ['redis://h?poolSize=1', /poolSize is given twice/, { poolSize: 2 }],
    'a password twice': [`redis+cluster://:${SECRET}@h`, /password is given twice/, { password: SECRET }],
    'a number that is none': ['redis://h?poolSize=many', /poolSize is a whole number, got "many"/],
    'an unknown client': ['redis://h?client=redis', /expected ioredis or node-redis/],
    'an unknown option': ['redis://h', /connect has no option "keyprefix"/, { keyprefix: 'a' }],
    'several hosts': ['redis://a,b', /write redis\+cluster:\/\/ or redis\+sentinel:\/\//],
    'no name of the primary': ['redis+sentinel://a,b', /name-of-the-primary/],
    'a path of a cluster': ['redis+cluster://a,b/1', /a cluster has only database 0/],
    'a database of a cluster': ['redis+cluster://a,b?db=1', /a cluster has only database 0/],
    'a port that is none': [`redis+cluster://:${SECRET}@a:99999`, /expected host or host:port/],
    'a user that is half encoded': [`redis+cluster://%zz${SECRET}@a`, /write it as %25/],
    'a Sentinel password without Sentinels': ['redis://h?sentinelPassword=p', /belongs to .*redis\+sentinel/],
    'an authority without TLS': ['redis://h?tlsCaFile=/x', /tlsCaFile without TLS/],
    'an authority that is not there': [
      'rediss://h?tlsCaFile=/no/such/file',
      /cannot read "\/no\/such\/file"/,
    ],
    'something after memory:': ['memory:here', /nothing after its colon/],
    'a folder that is a host': ['lmdb://folder', /lmdb:\/\/\/absolute\/folder/],
  }
  for (const [name, [url, says, options]] of Object.entries(cases)) {
    it(name, async () => {
      const cause: unknown = await connect(url, options as ConnectOptions).then(
        () => expect.unreachable('it connected'),
        (error: unknown) => error,
      )
      expect(cause).toBeInstanceOf(TypeError)
      expect(String(cause)).toMatch(says)
      expect(inspect(cause)).not.toContain(SECRET)
    })
  }
})

describe('storage without a server', () => {
  it('memory', async () => {
    await using driver = await connect('memory:', { keyPrefix: 'without-effect' })
    expect(driver.capabilities.sharing).toBe('process')
  })

  it('lmdb, at absolute and encoded paths', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cairn connect '))
    try {
      await using driver = await connect(`lmdb://${folder.replaceAll(' ', '%20')}`)
      expect(driver.capabilities.durability).toBe('disk')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('servers', () => {
  let standalone: StandaloneLab
  let tls: StandaloneTlsLab
  let sentinel: SentinelLab
  let labs: Lab[]
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cairn-connect-'))
    labs = [
      (standalone = await startLab('standalone')),
      (tls = await startLab('standalone-tls')),
      (sentinel = await startLab('sentinel')),
      await startLab('cluster'),
    ]
  })
  afterAll(async () => {
    await Promise.all(labs.map((lab) => lab.stop()))
    await rm(folder, { recursive: true })
  })

  const withQuery = (url: string, query: string): string => `${url}${url.includes('?') ? '&' : '?'}${query}`

  for (const client of ['ioredis', 'node-redis'] as const) {
    it(`${client}: the url of every topology`, async () => {
      for (const lab of labs) {
        await using driver = await connect(withQuery(lab.url, `client=${client}&keyPrefix=cairn-a`))
        expect(driver.name).toBe(client)
        expect(
          await driver.commit('p', {
            mutations: [{ type: 'put', key: ['k'], bytes: Buffer.from('v'), refs: [] }],
          }),
        ).toMatchObject({ ok: true })
        expect(await driver.drop('p')).toBe(true)
      }
    })

    it(`${client}: what refuses is a StorageError without secrets`, async () => {
      const wrong = [
        ['redis://127.0.0.1:1', 'unavailable'],
        [`rediss://nobody:${SECRET}@localhost:${tls.nodes[0].port}?tlsCaFile=${tls.caFile}`, 'auth'],
        [`rediss://nobody:${SECRET}@localhost:${tls.nodes[0].port}`, 'unavailable'],
        [sentinel.url.replace(/[^/]*$/, 'another-name'), 'unavailable'],
        [`redis+cluster://127.0.0.1:${standalone.nodes[0].port}`, 'unsupported'],
      ] as const
      for (const [url, code] of wrong) {
        const cause: unknown = await connect(url, { client, connectTimeoutMs: 2000 }).catch(
          (error: unknown) => error,
        )
        expect(StorageError.isInstance(cause)).toBe(true)
        expect(cause).toMatchObject({ code, operation: 'open', driver: client })
        expect(inspect(cause, { depth: 10, showHidden: true })).not.toContain(SECRET)
      }
    })
  }

  it('takes ioredis when no client is named, and TLS from options', async () => {
    await using driver = await connect(`rediss://localhost:${tls.nodes[0].port}`, {
      username: tls.username,
      password: tls.password,
      tls: { ca: tls.ca },
    })
    expect(driver.name).toBe('ioredis')
    const caFile = join(folder, 'ca.pem')
    await writeFile(caFile, 'not a certificate')
    await expect(connect(`rediss://localhost:${tls.nodes[0].port}?tlsCaFile=${caFile}`)).rejects.toSatisfy(
      (cause: unknown) => StorageError.isInstance(cause),
    )
  })

  it('gives up when the caller does', async () => {
    await expect(connect(standalone.url, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'aborted',
    })
  })
})
