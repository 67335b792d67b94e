import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const program = fileURLToPath(new URL('node-test-runner.ts', import.meta.url))

it('the driver suite runs under node:test without an adapter, skips included', () => {
  const options = ['--conditions=@cairnkit/source', '--import', 'tsx', '--test', '--test-reporter=tap']
  // Of this test run, not of the one below.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const { stdout, status } = spawnSync(process.execPath, [...options, program], { encoding: 'utf8', env })
  expect(status).toBe(0)
  expect(stdout).toMatch(/^# tests [5-9]\d\d$/m)
  expect(stdout).toMatch(/^# fail 0$/m)
  expect(stdout).toContain('# SKIP the storage is shared by no one: process')
})
