import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('loads @redis/client and nothing of redis, which would load the commands of all modules when a process starts', async () => {
  const program = fileURLToPath(new URL('support/print-loaded.ts', import.meta.url))
  const options = ['--conditions=@cairnkit/source', '--import', 'tsx']
  const { stdout } = await promisify(execFile)(process.execPath, [...options, program])
  const loaded = JSON.parse(stdout) as string[]
  expect(loaded.filter((name) => name.includes('redis'))).toEqual(['@redis/client'])
})
