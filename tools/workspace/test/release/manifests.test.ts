import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../src/main.js'
import {
  type LockFile,
  inOrder,
  lockWithVersions,
  meanTheSame,
  printManifest,
  withVersions,
} from '../../src/release/manifests.js'
import { published, versionsOf, workspacePackages } from '../../src/release/workspace.js'

const packages = await workspacePackages(root)
const publishedPackages = published(packages)
const lockText = readFileSync(join(root, 'package-lock.json'), 'utf8')
const lock = JSON.parse(lockText) as LockFile

describe('a manifest of another version', () => {
  it('has that version and needs it, and is the same otherwise', () => {
    const manifest = {
      name: '@cairnkit/a',
      version: '0.1.0',
      dependencies: { '@cairnkit/b': '0.1.0', lmdb: '^3.5.0' },
      peerDependencies: { '@cairnkit/c': '0.1.0' },
      files: ['dist'],
    }
    expect(
      withVersions(manifest, { '@cairnkit/a': '2.0.0', '@cairnkit/b': '2.0.0', '@cairnkit/c': '2.0.0' }),
    ).toEqual({
      name: '@cairnkit/a',
      version: '2.0.0',
      dependencies: { '@cairnkit/b': '2.0.0', lmdb: '^3.5.0' },
      peerDependencies: { '@cairnkit/c': '2.0.0' },
      files: ['dist'],
    })
  })

  it('means the same to users when only versions or the development differ', () => {
    const manifest = { name: 'a', version: '0.1.0', dependencies: { '@cairnkit/b': '0.1.0', lmdb: '^3.5.0' } }
    const dependencies = { '@cairnkit/b': '0.2.0', lmdb: '^3.5.0' }
    expect(
      meanTheSame(manifest, { ...manifest, version: '0.2.0', dependencies, scripts: { test: 'x' } }),
    ).toBe(true)
    expect(meanTheSame(manifest, { ...manifest, engines: { node: '>=22' } })).toBe(false)
    expect(meanTheSame(manifest, { ...manifest, dependencies: { ...dependencies, lmdb: '^4.0.0' } })).toBe(
      false,
    )
  })
})

describe('the manifests of this repository', () => {
  const newer = Object.fromEntries(Object.keys(versionsOf(packages)).map((name) => [name, '9.8.7']))

  it.each(packages.map(({ folder, manifest }) => [folder, manifest] as const))(
    'need nothing older after a release: %s',
    (_, manifest) => {
      const text = printManifest(withVersions(manifest, newer))
      const ranges = [...text.matchAll(/"(@cairnkit\/[^"]+)": "([^"]+)"/g)]
      expect(ranges.filter(([, name = '', range]) => newer[name] !== undefined && range !== '9.8.7')).toEqual(
        [],
      )
    },
  )

  it('and the lock file are written as npm writes them', () => {
    for (const { folder, manifest } of packages)
      expect(readFileSync(join(root, folder, 'package.json'), 'utf8')).toBe(printManifest(manifest))
    expect(lockText).toBe(printManifest(lock))
  })

  it('agree with the lock file before and after a release', () => {
    for (const versions of [versionsOf(packages), newer]) {
      const entries = lockWithVersions(lock, versions).packages
      for (const { folder, manifest } of packages) {
        const { version, dependencies = {} } = withVersions(manifest, versions)
        expect(entries[folder]?.version).toBe(version)
        expect(ownOf(entries[folder]?.dependencies ?? {})).toEqual(ownOf(dependencies))
      }
    }
  })

  it('are published after those that they need', () => {
    const names = inOrder(publishedPackages).map(({ manifest }) => manifest.name)
    expect(names.toSorted()).toEqual(publishedPackages.map(({ manifest }) => manifest.name).toSorted())
    for (const { manifest } of publishedPackages)
      for (const needed of Object.keys(ownOf({ ...manifest.dependencies, ...manifest.peerDependencies })))
        expect(names.indexOf(needed)).toBeLessThan(names.indexOf(manifest.name))
  })

  it.each(publishedPackages.map(({ folder, manifest }) => [folder, manifest] as const))(
    'say where to find the code, the page and the issues: %s',
    (folder, manifest) => {
      const page = 'https://github.com/cairnkit/cairn'
      expect(manifest).toMatchObject({
        license: 'MIT',
        author: 'The Cairn authors',
        homepage: `${page}#readme`,
        bugs: { url: `${page}/issues` },
        // A registry compares it with the repository that publishes, before it accepts the provenance.
        repository: { type: 'git', url: `git+${page}.git`, directory: folder },
        publishConfig: { access: 'public' },
      })
      expect(manifest['keywords']).toEqual(expect.arrayContaining(['cairn', 'langgraph']))
      expect(String(manifest['description']).length).toBeGreaterThan(20)
    },
  )

  it('have one version', () => {
    expect(new Set(Object.values(versionsOf(packages))).size).toBe(1)
  })
})

function ownOf(ranges: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(ranges).filter(([name]) => name.startsWith('@cairnkit/')))
}

describe('the order of publishing', () => {
  it('is refused where packages need each other', () => {
    const a = { manifest: { name: 'a', dependencies: { b: '1' } } }
    const b = { manifest: { name: 'b', peerDependencies: { a: '1' } } }
    expect(() => inOrder([a, b])).toThrow(/needs itself/)
  })
})
