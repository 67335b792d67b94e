import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '@cairnkit/tool-kit'
import { expect, onTestFinished, test } from 'vitest'
import { readArguments } from '../src/cli-arguments.js'
import { waitFor } from '../src/index.js'
import { Program } from './support/program.js'
import { noTraceOf } from './support/traces.js'

test('the command prints the URL to paste, waits, and cleans up on Ctrl-C', async () => {
  const program = new Program('src/cli.ts', ['sentinel'])
  const output = await waitFor('the lab is announced', () => {
    if (program.child.exitCode !== null) throw new Error(program.stderr)
    return program.stdout.includes('Ctrl-C') ? program.stdout : undefined
  })
  expect(output).toMatch(
    /^ {2}redis\+sentinel:\/\/127\.0\.0\.1:\d+,127\.0\.0\.1:\d+,127\.0\.0\.1:\d+\/cairn-primary$/m,
  )
  for (const name of ['primary-1', 'replica-2', 'sentinel-3'])
    expect(output).toMatch(new RegExp(`${name} +127`))
  const directory = /directory: (.*)/.exec(output)?.[1] ?? ''
  expect(directory).toContain('cairn-redis-lab-')
  program.child.kill('SIGINT')
  expect(await program.result()).toMatchObject({ code: 0, stderr: '' })
  await noTraceOf(directory, [])
})

test('Ctrl-C during the start ends it quietly', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'cairn-redis-lab-test-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const program = new Program('src/cli.ts', ['cluster'], { TMPDIR: directory })
  await waitFor('the lab is being built', () => readdirSync(directory).some(isLab) || undefined)
  program.child.kill('SIGINT')
  expect(await program.result()).toMatchObject({ code: 0, stdout: '', stderr: '' })
  expect(readdirSync(directory).filter(isLab)).toEqual([])

  function isLab(name: string): boolean {
    return name.startsWith('cairn-redis-lab-')
  }
})

test.each([
  [['clutser'], 'There is no topology named "clutser"'],
  [[], 'Which topology?'],
  [['cluster', 'sentinel'], 'One topology at a time'],
  [['cluster', '--fast'], "Unknown option '--fast'"],
])('%j is a usage error', (args, message) => {
  expect(() => readArguments(args)).toThrow(UsageError)
  expect(() => readArguments(args)).toThrow(message)
})

test('a usage error is explained on stderr and ends with code 2', async () => {
  const { code, stdout, stderr } = await new Program('src/cli.ts', ['clutser']).result()
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('There is no topology named "clutser"')
  expect(stderr).toContain('Usage: npm run lab -- <topology>')
})

test('--help explains on stdout', async () => {
  const { code, stdout, stderr } = await new Program('src/cli.ts', ['--help']).result()
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('standalone-tls')
})
