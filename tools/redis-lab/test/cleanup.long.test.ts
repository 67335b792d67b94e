import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startLab, waitFor } from '../src/index.js'
import type { HeldLab } from './support/hold-lab.js'
import { Program } from './support/program.js'
import { noTraceOf } from './support/traces.js'

async function held(program: Program): Promise<HeldLab> {
  const line = await waitFor('the lab is held', () => {
    if (program.child.exitCode !== null && !program.stdout.includes('\n')) throw new Error(program.stderr)
    return program.stdout.includes('\n') ? program.stdout : undefined
  })
  return JSON.parse(line) as HeldLab
}

test('stop ends the servers and removes the directory, twice over', async () => {
  const lab = await startLab('standalone')
  const pid = Number(/process_id:(\d+)/.exec(String(await lab.nodes[0].command('INFO', 'server')))?.[1])
  expect(existsSync(lab.directory)).toBe(true)
  await lab.stop()
  await noTraceOf(lab.directory, [pid])
  await lab.stop()
  await expect(lab.nodes[0].restart()).rejects.toThrow('This lab was stopped')
})

test.concurrent.each([
  ['kill -9, one server paused', 'sentinel', 'paused', 'SIGKILL'],
  ['Ctrl-C, nobody listening', 'standalone', 'hold', 'SIGINT'],
  ['SIGTERM, nobody listening', 'standalone-tls', 'hold', 'SIGTERM'],
  ['an uncaught error', 'standalone', 'throw', undefined],
  ['an exit that forgot to stop', 'standalone', 'forget', undefined],
] as const)('%s leaves no process and no directory', async (_, kind, ending, signal) => {
  const program = new Program('test/support/hold-lab.ts', [kind, ending])
  const { facts, pids } = await held(program)
  expect(pids.length).toBe(kind === 'sentinel' ? 6 : 1)
  if (signal !== undefined) program.child.kill(signal)
  await program.result()
  await noTraceOf(facts.directory, pids)
})
