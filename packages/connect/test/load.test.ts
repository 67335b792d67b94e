import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadFirst } from '../src/load.js'

/** What Node says when `specifier` is not installed, said by Node. */
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-load-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function importing(specifier: string): Promise<never> {
  const file = join(folder, `${Math.random()}.mjs`)
  await writeFile(file, `import ${JSON.stringify(specifier)}`)
  return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as never
}

const driver = (name: string, peer: string, missing: string) => ({
  name,
  peer,
  load: () => importing(missing),
})

describe('a driver that is not installed', () => {
  it('is named with its client', async () => {
    const both = [driver('@x/a-driver', 'a', '@x/a-driver'), driver('@x/b-driver', 'b', 'b')]
    await expect(loadFirst('redis://', both)).rejects.toThrow(
      'No driver for redis:// is installed. Run: npm install @x/a-driver a, or: npm install @x/b-driver b',
    )
  })

  it('leaves the place to the next', async () => {
    const second = { name: '@x/b-driver', load: async () => 'b' }
    expect(await loadFirst<string>('redis://', [driver('@x/a-driver', 'a', 'a'), second])).toBe('b')
  })

  it('is not taken for one that is broken', async () => {
    const broken = driver('@x/a-driver', 'a', '@x/something-that-it-needs')
    await expect(loadFirst('redis://', [broken])).rejects.toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' })
    const throws = { name: '@x/a-driver', load: () => Promise.reject(new SyntaxError('broken')) }
    await expect(loadFirst('redis://', [throws])).rejects.toThrow(SyntaxError)
  })
})
