import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { expectComplaint } from './support/complaint.js'
import { freePort } from './support/free-port.js'
import { runDemo } from './support/program.js'

describe.concurrent('the program, in processes that take long to start', () => {
  it('says in a conversation that nobody listens', async () => {
    await expectComplaint(
      ['--interactive', `redis://127.0.0.1:${await freePort()}`],
      /\(unavailable\).*ECONNREFUSED/,
    )
  })

  it('refuses a URL of an unknown kind', async () => {
    await expectComplaint(['mongodb://localhost'], /scheme.*mongodb|mongodb.*scheme/)
  })

  it('refuses what is no URL', async () => {
    await expectComplaint(['localhost'], /expected a URL/)
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
})
