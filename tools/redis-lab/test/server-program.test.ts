import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ensureRedisServer, startLab } from '../src/index.js'
import { Program } from './support/program.js'
import { noTraceOf } from './support/traces.js'

async function emptyDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'cairn-redis-lab-test-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  return directory
}

test('without a server and a way to install one, the error gives the command to run', async () => {
  const result = await new Program('src/cli.ts', ['standalone'], {
    CAIRN_REDIS_SERVER: '',
    PATH: await emptyDirectory(),
  }).result()
  expect(result).toMatchObject({ code: 1, stdout: '' })
  expect(result.stderr).toContain('redis-server is not on PATH')
  expect(result.stderr).toMatch(/apt-get install -y redis-server|brew install redis/)
  expect(result.stderr).toContain('CAIRN_REDIS_SERVER')
})

test('a server program that does not exist is named', async () => {
  const result = await new Program('src/cli.ts', ['standalone'], {
    CAIRN_REDIS_SERVER: 'no-such-server',
  }).result()
  expect(result).toMatchObject({ code: 1, stdout: '' })
  expect(result.stderr).toContain('CAIRN_REDIS_SERVER names "no-such-server"')
  expect(result.stderr).toContain('redis-8, valkey-8, valkey-9, redis-as-6.2')
  expect(result.stderr).toContain('npm run lab:servers')
})

test('a script takes the process over, or it is refused and its server ended', async () => {
  const directory = await emptyDirectory()
  const program = join(directory, 'script')
  const script = async (start: string): Promise<void> => {
    await writeFile(program, `#!/bin/sh\n${start} "$@"\n`, { mode: 0o755 })
  }
  await script(`exec ${await ensureRedisServer()}`)
  const lab = await startLab('standalone', { program })
  await lab.stop()
  await script(await ensureRedisServer())
  const failure = await startLab('standalone', { program }).then(
    async (started) => await started.stop(),
    (cause: unknown) => cause,
  )
  expect(String(failure)).toContain('must exec the server')
  const [, pid] = /process (\d+)/.exec(String(failure)) ?? []
  await noTraceOf(directory + '/none', [Number(pid)])
})

test('another server program is taken by path or by name', async () => {
  const directory = await emptyDirectory()
  const other = join(directory, 'other-server')
  await symlink(await ensureRedisServer(), other)
  const byPath = await new Program('test/support/print-server-program.ts', [], {
    CAIRN_REDIS_SERVER: other,
  }).result()
  expect(byPath).toEqual({ code: 0, stdout: other, stderr: '' })
  const byName = await new Program('test/support/print-server-program.ts', [], {
    CAIRN_REDIS_SERVER: 'other-server',
    PATH: directory,
  }).result()
  expect(byName).toEqual({ code: 0, stdout: other, stderr: '' })
})

test.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'as root on Debian a missing server is installed, aloud',
  async () => {
    const directory = await emptyDirectory()
    const aptGet = join(directory, 'apt-get')
    const calls = join(directory, 'calls')
    await writeFile(
      aptGet,
      `#!/bin/sh
echo "$DEBIAN_FRONTEND $*" >> ${calls}
[ "$1" = install ] && /bin/ln -s ${await ensureRedisServer()} ${directory}/redis-server
exit 0
`,
    )
    await chmod(aptGet, 0o755)
    const result = await new Program('test/support/print-server-program.ts', [], {
      CAIRN_REDIS_SERVER: '',
      PATH: directory,
    }).result()
    expect(result).toMatchObject({ code: 0, stdout: join(directory, 'redis-server') })
    expect(result.stderr).toContain('redis-server is missing; running apt-get')
  },
)
