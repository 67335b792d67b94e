import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { recordVariable } from '../src/matrix-reporter.js'

const fixture = fileURLToPath(new URL('fixtures/matrix', import.meta.url))
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')

/** Runs the fixture in a process of its own, broken in the given ways. */
async function runFixture(ways: string): Promise<{ code: number | null; output: string }> {
  const env: NodeJS.ProcessEnv = { ...process.env, CAIRN_FIXTURE: ways, NO_COLOR: '1' }
  delete env[recordVariable]
  const child = spawn(process.execPath, [vitest, 'run'], {
    cwd: fixture,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
}

it.each([
  [
    '',
    0,
    '11 passed, 0 failed, 1 skipped',
    [
      'needs a server: alpha has no server (alpha | standalone)',
      'alpha shows it\n    extra.fixture (beta | cluster)',
    ],
  ],
  [
    'test,bare-skip,uneven,unhandled,exit',
    1,
    '7 passed, 8 failed, 1 skipped',
    [
      'has a reason: did not run and gave no reason',
      '5 in beta | cluster; 4 in alpha | standalone',
      'outside any test: nobody waits for this',
    ],
  ],
  [
    'hook,load',
    1,
    '7 passed, 6 failed, 1 skipped',
    ['group: the hook failed', 'saver.fixture: the file does not load'],
  ],
  ['setup', 1, '0 passed, 1 failed', ['not a single test ran']],
])('a run that is broken by "%s"', async (ways, code, closing, messages) => {
  const result = await runFixture(ways)
  expect(result.output.trimEnd().split('\n').at(-1)).toBe(closing)
  for (const message of messages) expect(result.output).toContain(message)
  expect(result.code).toBe(code)
})
