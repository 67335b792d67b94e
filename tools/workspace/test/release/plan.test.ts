import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { planRelease } from '../../src/release/plan.js'
import { checkIsRelease } from '../../src/release/publish.js'
import { published, workspacePackages } from '../../src/release/workspace.js'

const day = new Date('2027-01-31T12:00:00Z')

let root: string

/** A repository with two published packages and a private one. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cairn-plan-'))
  onTestFinished(async () => await rm(root, { recursive: true, force: true }))
  git('init', '--quiet', '--initial-branch=main')
  await write('CHANGELOG.md', '# Changelog\n')
  await write('UPGRADING.md', '# Upgrading\n')
  await mkdir(join(root, 'tools'))
  await writeManifest('a', {})
  await writeManifest('b', { dependencies: { '@cairnkit/a': '0.1.0' } })
  await writeManifest('private', { private: true, version: '0.0.0' })
  commit('Lay the first stones')
})

function git(...args: readonly string[]): string {
  const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgSign=false']
  return execFileSync('git', [...who, '-c', 'tag.gpgSign=false', ...args], { cwd: root, encoding: 'utf8' })
}

function commit(...paragraphs: readonly string[]): void {
  git('add', '--all')
  git('commit', '--quiet', '--allow-empty', ...paragraphs.flatMap((paragraph) => ['-m', paragraph]))
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
}

async function writeManifest(name: string, more: Readonly<Record<string, unknown>>): Promise<void> {
  const repository = { type: 'git', url: 'git+https://example.com/cairn.git' }
  const manifest = {
    name: `@cairnkit/${name}`,
    version: '0.1.0',
    description: `What ${name} is`,
    repository,
    ...more,
  }
  await write(`packages/${name}/package.json`, JSON.stringify(manifest))
}

async function linesAfterTag(): Promise<string[]> {
  const { section } = await planRelease(root, {}, day)
  return section
    .split('\n')
    .filter((line) => /^(##|-)/.test(line))
    .map((line) => line.replace(/ \(\[.*/, ''))
}

it('a first release has the version of the manifests, and names the packages', async () => {
  const { version, last, section, documents } = await planRelease(root, {}, day)
  expect({ version, last }).toEqual({ version: '0.1.0', last: undefined })
  expect(section.split('\n')).toEqual([
    ...['## 0.1.0 (2027-01-31)', '', 'The first release.', ''],
    ...['- [`@cairnkit/a`](packages/a): What a is', '- [`@cairnkit/b`](packages/b): What b is', ''],
  ])
  expect(documents['CHANGELOG.md']).toBe(`# Changelog\n\n${section}`)
})

it('tells what users of a package notice since the last release, in the order in which it came', async () => {
  git('tag', 'v0.1.0')
  await write('packages/a/src/one.ts', '1')
  await write('packages/b/src/one.ts', '1')
  commit('Wait less')
  await write('packages/a/test/one.ts', '1')
  await write('packages/a/README.md', '1')
  await write('packages/private/src/one.ts', '1')
  commit('Test more')
  await writeManifest('b', { dependencies: { '@cairnkit/a': '0.1.0' }, scripts: { test: 'vitest' } })
  commit('Run the tests of b')
  await writeManifest('b', { dependencies: { '@cairnkit/a': '0.1.0' }, engines: { node: '>=22' } })
  commit('Ask for Node 22')
  await write('packages/a/src/two.ts', '2')
  commit('Format it', 'Release: none')
  expect(await linesAfterTag()).toEqual([
    ...['## 0.1.1 (2027-01-31)', '### Changed', '- **a, b**: Wait less', '- **b**: Ask for Node 22'],
  ])
})

it('takes from the line of a commit that something is new, or breaking', async () => {
  git('tag', 'v0.1.0')
  await write('packages/a/src/one.ts', '1')
  commit('Keep more', 'Because.', 'Release: new\nReviewed-by: somebody')
  expect(await linesAfterTag()).toEqual(['## 0.2.0 (2027-01-31)', '### New', '- **a**: Keep more'])
  await write('packages/a/src/one.ts', '2')
  commit('Keep less', 'Release: breaking')
  await expect(planRelease(root, {}, day)).rejects.toThrow(/UPGRADING\.md/)
  await write('UPGRADING.md', '# Upgrading\n\n## Next release\n\nKeep the rest yourself.\n')
  commit('Say what to do')
  const { version, documents } = await planRelease(root, {}, day)
  expect(version).toBe('0.2.0')
  expect(documents['UPGRADING.md']).toContain('## 0.2.0\n')
  expect(documents['CHANGELOG.md']).toContain('UPGRADING.md#020')
})

it('changes neither a file nor anything in Git', async () => {
  git('tag', 'v0.1.0')
  await write('packages/a/src/one.ts', '1')
  commit('Wait less')
  const state = async (): Promise<unknown> => [
    git('for-each-ref'),
    git('--no-optional-locks', 'status', '--porcelain'),
    await readFile(join(root, '.git/index')),
  ]
  const before = await state()
  await planRelease(root, {}, day)
  expect(await state()).toEqual(before)
})

it('refuses packages of different versions', async () => {
  await writeManifest('a', { version: '0.2.0' })
  await expect(planRelease(root, {}, day)).rejects.toThrow(/one version, they have 0\.2\.0, 0\.1\.0/)
})

it('only a commit that has the tag of its version may be published, and only as it is', async () => {
  const packages = published(await workspacePackages(root))
  await expect(checkIsRelease(root, packages)).rejects.toThrow(/the tag v0\.1\.0 is not on this commit/)
  git('tag', 'v0.1.0')
  await checkIsRelease(root, packages)
  await write('packages/a/src/one.ts', '1')
  await expect(checkIsRelease(root, packages)).rejects.toThrow(/not committed/)
  commit('Wait less')
  await expect(checkIsRelease(root, packages)).rejects.toThrow(/not on this commit/)
})
