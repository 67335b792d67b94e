import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { describeTarballs, packAt } from '../../src/release/tarballs.js'
import { type WorkspacePackage, workspacePackages } from '../../src/release/workspace.js'

const versions = { '@cairnkit/a': '0.2.0', '@cairnkit/b': '0.2.0' }

let root: string
let packages: WorkspacePackage[]

/** Two built packages, of which the one that comes first in the alphabet needs the other. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cairn-tarballs-'))
  onTestFinished(async () => await rm(root, { recursive: true, force: true }))
  await mkdir(join(root, 'tools'))
  for (const [name, dependencies] of [['a', { '@cairnkit/b': '0.1.0' }] as const, ['b', {}] as const]) {
    const folder = join(root, 'packages', name)
    await mkdir(join(folder, 'dist'), { recursive: true })
    await mkdir(join(folder, 'src'))
    const manifest = { name: `@cairnkit/${name}`, version: '0.1.0', files: ['dist'], dependencies }
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
    for (const file of ['dist/index.js', 'src/index.ts', 'README.md', 'LICENSE'])
      await writeFile(join(folder, file), `${name}\n`)
  }
  packages = await workspacePackages(root)
})

it('packs what is published under the new versions, and leaves the packages as they are', async () => {
  const before = await readFile(join(root, 'packages/a/package.json'), 'utf8')
  const tarballs = await packAt(root, packages, versions, root)
  expect(tarballs.map(({ name, version }) => `${name}@${version}`)).toEqual([
    '@cairnkit/b@0.2.0',
    '@cairnkit/a@0.2.0',
  ])
  const [, a] = tarballs
  expect(a?.files.map(({ path }) => path).toSorted()).toEqual([
    'LICENSE',
    'README.md',
    'dist/index.js',
    'package.json',
  ])
  const packed = execFileSync('tar', ['-xzOf', a?.path ?? '', 'package/package.json'], { encoding: 'utf8' })
  expect(JSON.parse(packed)).toMatchObject({ version: '0.2.0', dependencies: { '@cairnkit/b': '0.2.0' } })
  expect(await readFile(join(root, 'packages/a/package.json'), 'utf8')).toBe(before)
  expect(describeTarballs(tarballs)).toMatch(
    /@cairnkit\/a@0\.2\.0: \d+\.\d kB packed, \d+\.\d kB unpacked, 4 files\n.*\n +dist\/index\.js +0\.0 kB/s,
  )
})

it('refuses what nobody is meant to get', async () => {
  await writeFile(join(root, 'packages/b/dist/index.test.ts'), '')
  await expect(packAt(root, packages, versions, root)).rejects.toThrow(
    /@cairnkit\/b would publish dist\/index\.test\.ts/,
  )
})

it('refuses a package that is not built', async () => {
  await rm(join(root, 'packages/b/dist'), { recursive: true })
  await expect(packAt(root, packages, versions, root)).rejects.toThrow(/ENOENT.*dist/)
})
