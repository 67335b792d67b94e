import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const PROGRAM = fileURLToPath(new URL('./support/program.ts', import.meta.url))

interface Ended {
  readonly code: unknown
  readonly stdout: string
  readonly stderr: string
}

async function run(...args: readonly string[]): Promise<Ended> {
  return await new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), PROGRAM, ...args],
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
    )
  })
}

test('a program is kept alive until its work is done', async () => {
  expect(await run('wait')).toEqual({ code: 0, stdout: 'done\n', stderr: '' })
})

test('help is its usage', async () => {
  expect(await run('help')).toEqual({ code: 0, stdout: 'Usage: any\n', stderr: '' })
})

test('what was typed wrong is told with the usage, and is exit code 2', async () => {
  expect(await run('nonsense')).toEqual({ code: 2, stdout: '', stderr: 'any: no nonsense\n\nUsage: any\n' })
})

test('a failure is told with its stack, and is exit code 1', async () => {
  const { code, stderr } = await run('fail')
  expect(code).toBe(1)
  expect(stderr).toMatch(/^any: Error: failed\n +at /)
})
