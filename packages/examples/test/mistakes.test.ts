import { describe, expect, it } from 'vitest'
import { readArguments } from '../src/chat/arguments.js'
import { expectComplaint } from './support/complaint.js'
import { freePort } from './support/free-port.js'
import { startLab } from './support/lab.js'
import { runDemo } from './support/program.js'

describe.concurrent('the program', () => {
  it('says that nobody listens', async () => {
    await expectComplaint([`redis://127.0.0.1:${await freePort()}`], /\(unavailable\).*ECONNREFUSED/)
  })

  it('says that the password is wrong, and repeats no password', async () => {
    await using lab = await startLab('standalone-tls')
    const url = lab.url.replace(/:[^:@/]+@/, ':not-the-password@')
    const { exitCode, stdout, stderr } = await runDemo([url])
    expect(stderr).toMatch(/\(auth\)/)
    expect(stdout + stderr).not.toContain('not-the-password')
    expect(exitCode).toBe(1)
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
