import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startLab } from '@cairnkit/redis-lab'
import { compilePrograms } from '@cairnkit/tool-kit/compile-programs'
import { expect, inject, test } from 'vitest'

const source = fileURLToPath(new URL('../src/failures/blips.ts', import.meta.url))
const folder = fileURLToPath(new URL('..', import.meta.url))

test('a bundle that was made small tells failures apart, though classes have lost their names', async (context) => {
  const { storage } = inject('cell')
  if (storage.kind !== 'redis' || storage.topology !== 'standalone') {
    return context.skip('one server shows it for each client')
  }
  await using programs = await compilePrograms([source], folder, { minified: true })
  await using lab = await startLab('standalone')
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [programs.path(source), storage.client, String(lab.nodes[0].port)],
    { timeout: 150_000 },
  )
  expect(JSON.parse(stdout)).toEqual({ lost: 'unavailable ambiguous', away: 'unavailable transient' })
})
