import { mkdir, mkdtemp, readFile, readdir, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '@cairnkit/tool-kit'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { readArguments } from '../src/fetch/arguments.js'
import { ensureRedisServer, fetchServer, startLab } from '../src/index.js'
import { serverVersion } from '../src/servers/server-version.js'
import { makeArchive } from './support/package-archive.js'
import { Program } from './support/program.js'

const isDebian = /^ID=debian$/m.test(await readFile('/etc/os-release', 'utf8').catch(() => ''))

describe('on a machine whose apt knows one archive', () => {
  let directory: string
  let aptConfig: string
  let program: string
  let servers: string

  beforeAll(async () => {
    if (!isDebian) return
    directory = await mkdtemp(join(tmpdir(), 'cairn-redis-lab-test-'))
    // Not what `CAIRN_REDIS_SERVER` names, which may bring a loader of its own.
    vi.stubEnv('CAIRN_REDIS_SERVER', '')
    program = await ensureRedisServer()
    aptConfig = await makeArchive(join(directory, 'archive'), program, {
      sid: '9.1.2+dfsg-1',
      trixie: '10.0.1-1',
    })
  })
  beforeEach(async (context) => {
    if (!isDebian) return context.skip('servers are fetched on Debian only')
    const cache = await mkdtemp(join(directory, 'cache-'))
    servers = join(cache, 'cairn', 'servers')
    vi.stubEnv('XDG_CACHE_HOME', cache)
    vi.stubEnv('APT_CONFIG', aptConfig)
  })
  afterEach(() => void vi.unstubAllEnvs())
  afterAll(async () => {
    if (isDebian) await rm(directory, { recursive: true })
  })

  test('a server is fetched with its libraries, is named by its name, and stays', async () => {
    await expect(startLab('standalone', { program: 'valkey-9' })).rejects.toThrow(
      '"valkey-9", which has not been fetched. Fetch it with\n\n  npm run lab:servers -- valkey-9',
    )
    const said: string[] = []
    const server = await fetchServer('valkey-9', (line) => said.push(line))
    expect(said).toEqual([`valkey-9 is fetched from Debian, into ${servers}`])
    const folder = join(servers, 'valkey-9')
    expect(server).toMatchObject({ name: 'valkey-9', program: join(folder, 'server'), config: [] })
    expect((await readdir(folder)).toSorted()).toEqual(['cli', 'root', 'server'])
    // The loader that starts it is not the machine's.
    expect(await readFile(server.program, 'utf8')).toContain(`exec '${folder}/root/usr/lib/here/ld-linux`)
    expect((await server.version()).text).toBe((await serverVersion(program)).text)

    vi.stubEnv('APT_CONFIG', '/nowhere')
    expect(await fetchServer('valkey-9', (line) => said.push(line))).toMatchObject({
      program: server.program,
    })
    expect(said.length).toBe(1)

    await using lab = await startLab('sentinel', { program: 'valkey-9' })
    await lab.nodes[0].restart()
    await lab.ready()
  })

  test('two that fetch at once end with one whole server, and nothing else', async () => {
    const old = join(servers, '.unfinished-old')
    await mkdir(old, { recursive: true })
    await utimes(old, 0, 0)
    const fetched = await Promise.all([1, 2].map(() => fetchServer('valkey-9', () => {})))
    expect(fetched[0]?.program).toBe(fetched[1]?.program)
    expect(await readdir(servers)).toEqual(['valkey-9'])
    await using lab = await startLab('standalone', { program: 'valkey-9' })
    await lab.ready()
  })

  test('the command tells versions, and of a suite that has gone on to another major', async () => {
    const { code, stdout, stderr } = await new Program('src/fetch/main.ts', [
      ...['valkey-9', 'valkey-8', 'redis-8', 'redis-as-6.2'],
    ]).result()
    expect(code).toBe(1)
    const { text } = await serverVersion(program)
    const lines = stdout.split('\n').map((line) => line.split(/ {2,}/))
    expect(lines).toContainEqual(['valkey-9', text, join(servers, 'valkey-9', 'server')])
    expect(lines).toContainEqual(['redis-as-6.2', expect.stringMatching(/^6\.2 /), program])
    expect(stderr).toContain('valkey-8: No suite of Debian has valkey-server 8:\n  trixie has 10.0.1\n')
    expect(stderr).toContain('redis-8: No suite of Debian has redis-server 8:\n  trixie has none\n')
    expect(stderr).toContain('apt-get update failed for the suite forky')
    expect(await readdir(servers)).toEqual(['valkey-9'])
  })
})

test('without names all are fetched; a name that nobody knows is a usage error', () => {
  expect(readArguments([])).toEqual(['redis-8', 'valkey-8', 'valkey-9', 'redis-as-6.2'])
  expect(readArguments(['valkey-9', 'redis-8'])).toEqual(['valkey-9', 'redis-8'])
  expect(() => readArguments(['valkey-9', 'valkey-99'])).toThrow(UsageError)
  expect(() => readArguments(['valkey-99'])).toThrow('There is no server named "valkey-99"')
})
