import { createServer } from 'node:net'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { readArguments } from '../src/chat/arguments.js'
import { startLab } from './support/lab.js'
import { runDemo } from './support/program.js'

/** One message, exit code 1, no stack. */
async function expectComplaint(args: readonly string[], complaint: RegExp): Promise<void> {
  const { exitCode, stderr } = await runDemo(args)
  expect(stderr).toMatch(complaint)
  expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m)
  expect(stderr.match(/failed \(/g)?.length ?? 0).toBeLessThanOrEqual(1)
  expect(exitCode).toBe(1)
}

describe.each([
  ['the story', []],
  ['a conversation', ['--interactive']],
])('%s', (_, mode) => {
  it('says that nobody listens', async () => {
    await expectComplaint([...mode, `redis://127.0.0.1:${await freePort()}`], /\(unavailable\).*ECONNREFUSED/)
  })
})

describe.concurrent('the program', () => {
  it('refuses a URL of an unknown kind', async () => {
    await expectComplaint(['mongodb://localhost'], /scheme.*mongodb|mongodb.*scheme/)
  })

  it('refuses what is no URL', async () => {
    await expectComplaint(['localhost'], /expected a URL/)
  })

  it('says that the password is wrong, and repeats no password', async () => {
    await using lab = await startLab('standalone-tls')
    const url = lab.url.replace(/:[^:@/]+@/, ':not-the-password@')
    const { exitCode, stdout, stderr } = await runDemo([url])
    expect(stderr).toMatch(/\(auth\)/)
    expect(stdout + stderr).not.toContain('not-the-password')
    expect(exitCode).toBe(1)
  })

  it('says that a server is no Redis, in time', async () => {
    const server = createServer((socket) =>
      socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await expectComplaint([`redis://127.0.0.1:${port}`], /\((unsupported|unavailable|unknown)\)/)
    server.close()
  })

  it('explains itself', async () => {
    const { exitCode, stdout } = await runDemo(['--help'])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('Usage: npm run demo')
  })

  it('refuses an option that does not exist', async () => {
    await expectComplaint(['--colour'], /--colour/)
  })
})

it.each([
  [['memory:', 'memory:'], /One URL is enough/],
  [['--thread', 'ada'], /--thread goes with --interactive/],
])('the arguments %j are refused', (args, complaint) => {
  expect(() => readArguments(args)).toThrow(complaint)
})

/** A port of this machine on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port')
  return address.port
}
