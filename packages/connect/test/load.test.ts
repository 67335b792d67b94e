import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DriverPackage } from '../src/driver-packages.js'
import { type Modules, loadFirst } from '../src/load.js'

const a: DriverPackage = {
  name: 'a',
  package: '@x/a-driver',
  factory: 'createA',
  clients: ['a-small', 'a'],
  schemes: /^a$/,
}
const b: DriverPackage = {
  name: 'b',
  package: '@x/b-driver',
  factory: 'createB',
  clients: ['b'],
  schemes: /^a$/,
}

let root: string
let projects = 0
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cairn-load-'))
})
afterAll(() => rm(root, { recursive: true }))

/** A project in which the packages are installed, and Node's own way to load one there. */
async function project(packages: Readonly<Record<string, string>>): Promise<Modules> {
  const folder = join(root, `${projects++}`)
  for (const [name, code] of Object.entries(packages)) {
    const place = join(folder, 'node_modules', name)
    await mkdir(place, { recursive: true })
    await writeFile(
      join(place, 'package.json'),
      JSON.stringify({
        name,
        type: 'module',
        exports: { '.': './index.js', './package.json': './package.json' },
      }),
    )
    await writeFile(join(place, 'index.js'), code)
  }
  // Below node_modules, so that Node loads it and not the test runner, which has a resolver of its own.
  const program = join(folder, 'node_modules', 'program.mjs')
  await mkdir(join(folder, 'node_modules'), { recursive: true })
  await writeFile(program, 'export const load = async (name) => await import(name)')
  const from = pathToFileURL(program).href
  return { from, ...((await import(/* @vite-ignore */ from)) as Pick<Modules, 'load'>) }
}

const driver = (name: string, factory: string, client: string): string =>
  `import '${client}'
   export const ${factory} = Object.assign(() => undefined, {
     fromUrl: { name: '${name}', schemes: ['a'], create: () => undefined },
   })`

describe('a driver that is not installed', () => {
  it('is named with its client, and how a bundle names it', async () => {
    await expect(loadFirst('a', [a, b], await project({}))).rejects.toThrow(
      'No driver for a: is installed. Run: npm install @x/a-driver a-small, or: npm install @x/b-driver b. A program that was bundled names its driver: connect(url, { drivers: [createA or createB] })',
    )
  })

  it('leaves the place to the next', async () => {
    const place = await project({ '@x/b-driver': driver('b', 'createB', 'b'), b: '' })
    expect((await loadFirst('a', [a, b], place)).name).toBe('b')
  })

  it('leaves the place to the next also when only its client is missing', async () => {
    const place = await project({
      '@x/a-driver': driver('a', 'createA', 'a'),
      '@x/b-driver': driver('b', 'createB', 'b'),
      b: '',
    })
    expect((await loadFirst('a', [a, b], place)).name).toBe('b')
    await expect(loadFirst('a', [a], place)).rejects.toThrow('npm install @x/a-driver a-small')
  })

  it('is known by what can be found, whatever the runtime says', async () => {
    const { from, load } = await project({ '@x/b-driver': driver('b', 'createB', 'b'), b: '' })
    const says = async (name: string): Promise<unknown> => {
      if (name === b.package) return await load(name)
      throw new TypeError('@x/here tried to access it, but it is not provided by your application')
    }
    expect((await loadFirst('a', [a, b], { from, load: says })).name).toBe('b')
  })

  it('is not found by a bundle that knows no place to look from', async () => {
    const { load } = await project({})
    await expect(loadFirst('a', [a], { from: 'webpack:///connect', load })).rejects.toThrow(
      /No driver for a:/,
    )
  })
})

describe('a driver that is installed', () => {
  it('is taken, with any of its clients', async () => {
    const place = await project({ '@x/a-driver': driver('a', 'createA', 'a'), a: '' })
    expect((await loadFirst('a', [a, b], place)).name).toBe('a')
  })

  it('is not passed over when it needs something else that is missing', async () => {
    const place = await project({
      '@x/a-driver': driver('a', 'createA', '@x/something-that-it-needs'),
      'a-small': '',
      '@x/b-driver': driver('b', 'createB', 'b'),
      b: '',
    })
    await expect(loadFirst('a', [a, b], place)).rejects.toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' })
  })

  it('is not passed over when it is broken', async () => {
    const place = await project({ '@x/a-driver': `throw new RangeError('broken')`, a: '' })
    await expect(loadFirst('a', [a, b], place)).rejects.toThrow(RangeError)
  })

  it('is not passed over when it is of another version', async () => {
    const place = await project({ '@x/a-driver': 'export const createA = () => undefined', a: '' })
    await expect(loadFirst('a', [a, b], place)).rejects.toThrow(
      '@x/a-driver is installed, and it has no createA that connect can use. Install the same version of all packages of Cairn',
    )
  })
})
