import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkBoundaries } from '../src/boundaries/check.js'
import { withOverrides } from '../src/boundaries/oxlint.js'
import { table } from '../src/boundaries/table.js'
import type { PackageRule } from '../src/boundaries/table.js'
import { describeViolation } from '../src/boundaries/violation.js'
import { root } from '../src/main.js'

const rules: Record<string, PackageRule> = {
  'packages/core': { imports: [], rooms: { kept: ['deep/', 'b.ts'], deep: ['b.ts'] } },
  'packages/driver': { imports: ['@cairnkit/core'], peers: ['client'], suitesOf: ['packages/core'] },
  'packages/suites': {
    imports: ['@cairnkit/core'],
    types: ['@langchain/checkpoint'],
    doors: { graphs: ['@langchain/checkpoint', '@langchain/graph'] },
    tests: ['@cairnkit/driver'],
  },
  'packages/connect': {
    imports: ['@cairnkit/core'],
    byName: { file: 'load.ts', packages: ['@cairnkit/driver'] },
  },
}

const sound: Record<string, string> = {
  'packages/core/package.json': '{ "name": "@cairnkit/core" }',
  'packages/core/src/index.ts': `import { hash } from 'node:crypto'\nimport { a } from './deep/a.js'`,
  'packages/core/src/deep/a.ts': `import { b } from '../b.js'\nimport { readFile } from 'node:fs/promises'`,
  'packages/core/src/kept/k.ts': `import { a } from '../deep/a.js'\nimport { b } from '../b.js'\nimport { l } from './l.js'`,
  'packages/core/test/a.test.ts': `import { it } from 'vitest'\nimport { a } from '../src/deep/a.js'\nimport '@cairnkit/core'`,
  'packages/driver/package.json':
    '{ "name": "@cairnkit/driver", "dependencies": { "@cairnkit/core": "1" }, "peerDependencies": { "client": "1" } }',
  'packages/driver/src/index.ts': `export * from '@cairnkit/core/driver'\nimport { Client } from 'client'`,
  'packages/driver/test/a.test.ts': `import { suite } from '../../core/test/suite.js'`,
  'packages/suites/package.json':
    '{ "name": "@cairnkit/suites", "devDependencies": { "@cairnkit/driver": "1" } }',
  'packages/suites/src/index.ts': `import type { Saver } from '@langchain/checkpoint'\nexport type { Tuple } from '@langchain/checkpoint'\ntype T = import('@langchain/checkpoint').Tuple`,
  'packages/suites/src/graphs/index.ts': `import { Saver } from '@langchain/checkpoint'\nimport { Graph } from '@langchain/graph'\nimport { a } from './a.js'\nimport { b } from '../b.js'`,
  'packages/suites/test/a.test.ts': `import { driver } from '@cairnkit/driver'`,
  'packages/connect/package.json':
    '{ "name": "@cairnkit/connect", "peerDependencies": { "@cairnkit/driver": "1" }, "peerDependenciesMeta": { "@cairnkit/driver": { "optional": true } } }',
  'packages/connect/src/load.ts': `export const load = (name: string): Promise<unknown> => import(name)`,
}

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cairn-boundaries-'))
})
afterAll(() => rm(directory, { recursive: true }))

/** Writes the sound tree with these changes into a fresh folder and checks it. */
async function check(changes: Record<string, string> = {}): Promise<string[]> {
  const tree = await mkdtemp(join(directory, 'tree-'))
  for (const [file, text] of Object.entries({ ...sound, ...changes })) {
    await mkdir(dirname(join(tree, file)), { recursive: true })
    await writeFile(join(tree, file), text)
  }
  return (await checkBoundaries(tree, rules)).map(describeViolation)
}

it('passes a tree that keeps to the table', async () => {
  expect(await check()).toEqual([])
})

const coreRule = 'packages/core may import node: builtins'
const suitesRule = 'packages/suites may import node: builtins, @cairnkit/core; types of @langchain/checkpoint'
const connectRule = 'packages/connect may import node: builtins, @cairnkit/core; @cairnkit/driver by computed names in load.ts'

it.each([
  [
    'a wall within a package',
    'packages/core/src/deep/x.ts',
    `import { b } from '../b.js'\nimport type { K } from '../kept/k.js'`,
    '2: imports kept/k.ts; packages/core/src/deep may import b.ts of its package',
  ],
  ['a static import', 'packages/core/src/x.ts', `\nimport 'client'`, `2: imports client; ${coreRule}`],
  [
    'a re-export',
    'packages/core/src/x.ts',
    `export * from 'client/sub'`,
    `1: imports client/sub; ${coreRule}`,
  ],
  [
    'a type import',
    'packages/core/src/x.ts',
    `import type { C } from 'client'`,
    `1: imports types of client; ${coreRule}`,
  ],
  [
    'an import type',
    'packages/core/src/x.ts',
    `\n\ntype C = import('client').C`,
    `3: imports types of client; ${coreRule}`,
  ],
  [
    'the type of a module',
    'packages/core/src/x.ts',
    `type C = typeof import('client')`,
    `1: takes the type of client; ${coreRule}`,
  ],
  [
    'an augmentation',
    'packages/core/src/x.ts',
    `declare module 'client' {}`,
    `1: imports types of client; ${coreRule}`,
  ],
  [
    'a type reference',
    'packages/core/src/x.ts',
    `/// <reference types="client" />`,
    `1: imports types of client; ${coreRule}`,
  ],
  [
    'a dynamic import',
    'packages/core/src/x.ts',
    `await import('client')`,
    `1: loads by import() client; ${coreRule}`,
  ],
  ['a require', 'packages/core/src/x.ts', `require('client')`, `1: requires client; ${coreRule}`],
  [
    'an import =',
    'packages/core/src/x.ts',
    `import c = require('client')`,
    `1: requires client; ${coreRule}`,
  ],
  ['a builtin without node:', 'packages/core/src/x.ts', `import 'fs'`, `1: imports fs; ${coreRule}`],
  ['a test runner', 'packages/core/src/x.ts', `import 'node:test'`, `1: imports node:test; ${coreRule}`],
  [
    'a sibling package',
    'packages/core/src/x.ts',
    `import '@cairnkit/driver'`,
    `1: imports @cairnkit/driver; ${coreRule}`,
  ],
  [
    'a name that only begins alike',
    'packages/suites/src/x.ts',
    `import '@cairnkit/core2'`,
    `1: imports @cairnkit/core2; ${suitesRule}`,
  ],
  [
    'a value of a types-only package',
    'packages/suites/src/x.ts',
    `import { Saver } from '@langchain/checkpoint'`,
    `1: imports @langchain/checkpoint; ${suitesRule}`,
  ],
  [
    'what only a door may import',
    'packages/suites/src/x.ts',
    `import { Graph } from '@langchain/graph'`,
    `1: imports @langchain/graph; ${suitesRule}`,
  ],
  [
    'an import from a door',
    'packages/suites/src/x.ts',
    `import { a } from './graphs/a.js'`,
    '1: imports ./graphs/a.js, which belongs to the door graphs; what that imports, others would have to install',
  ],
  [
    'an import with only inline types, which stays',
    'packages/suites/src/x.ts',
    `import { type S } from '@langchain/checkpoint'`,
    `1: imports @langchain/checkpoint; ${suitesRule}`,
  ],
  [
    'a package that is loaded by name',
    'packages/connect/src/x.ts',
    `import '@cairnkit/driver'`,
    `1: imports @cairnkit/driver; ${connectRule}`,
  ],
  [
    'types of a package that is loaded by name',
    'packages/connect/src/x.ts',
    `import type { D } from '@cairnkit/driver'`,
    `1: imports types of @cairnkit/driver; ${connectRule}`,
  ],
  [
    'a computed name',
    'packages/connect/src/x.ts',
    `import(name)`,
    '1: loads a module by a computed name; write the name, so that it can be checked',
  ],
  [
    'a way out of the folder',
    'packages/core/src/deep/x.ts',
    `import '../../../driver/src/index.js'`,
    '1: imports ../../../driver/src/index.js, which lies outside packages/core; import the package by its name',
  ],
  [
    'a source that reaches for a suite',
    'packages/driver/src/x.ts',
    `import '../../core/test/suite.js'`,
    '1: imports ../../core/test/suite.js, which lies outside packages/driver; import the package by its name',
  ],
  [
    'a test that reaches past the suites',
    'packages/driver/test/x.test.ts',
    `import '../../core/src/index.js'`,
    '1: imports ../../core/src/index.js, which lies outside packages/driver; import the package by its name',
  ],
  [
    'a package that tests may not see',
    'packages/core/test/x.test.ts',
    `import '@cairnkit/driver'`,
    '1: imports @cairnkit/driver; the tests of packages/core may import nothing of the workspace',
  ],
])('reports %s', async (_name, file, text, expected) => {
  expect(await check({ [file]: text })).toEqual([`${file}:${expected}`])
})

it.each([
  [
    'a dependency',
    'packages/core',
    '"dependencies": { "client": "1" }',
    'dependencies names client; allowed there: nothing',
  ],
  [
    'a client that is no peer',
    'packages/driver',
    '"dependencies": { "client": "1" }',
    'dependencies names client; allowed there: @cairnkit/core',
  ],
  [
    'a peer',
    'packages/core',
    '"peerDependencies": { "client": "1" }',
    'peerDependencies names client; allowed there: nothing',
  ],
  [
    'a peer that is loaded by name and is not optional',
    'packages/connect',
    '"peerDependencies": { "@cairnkit/driver": "1" }',
    '@cairnkit/driver is loaded on demand and must be an optional peer dependency',
  ],
  [
    'a sibling for development',
    'packages/core',
    '"devDependencies": { "@cairnkit/driver": "1" }',
    'devDependencies names @cairnkit/driver; allowed there: nothing',
  ],
])('reports %s in a manifest', async (_name, folder, section, expected) => {
  const file = `${folder}/package.json`
  expect(await check({ [file]: `{\n  "name": "@cairnkit/${basename(folder)}",\n  ${section}\n}` })).toEqual([
    `${file}:3: ${expected}`,
  ])
})

it('reports a package without a rule', async () => {
  expect(await check({ 'tools/new/package.json': '{ "name": "new" }' })).toEqual([
    'tools/new/package.json:1: the table of boundaries has no rule for tools/new',
  ])
})

it('the linter is told the same table', async () => {
  const file = join(root, '.oxlintrc.json')
  const config = await readFile(file, 'utf8')
  expect(config).toBe(await withOverrides(config, table, file))
})

it('the linter enforces it', async () => {
  const tree = await mkdtemp(join(directory, 'lint-'))
  await mkdir(join(tree, 'packages/core/src'), { recursive: true })
  await writeFile(
    join(tree, 'packages/core/src/good.ts'),
    "import 'node:fs/promises'\nimport './deep/a.js'\n",
  )
  await writeFile(
    join(tree, 'packages/core/src/bad.ts'),
    "import 'ioredis'\nimport '@cairnkit/memory'\nimport 'fs'\n",
  )
  const config = JSON.parse(await readFile(join(root, '.oxlintrc.json'), 'utf8')) as Record<string, unknown>
  await writeFile(join(tree, '.oxlintrc.json'), JSON.stringify({ ...config, options: {} }))
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint')
  const { stdout } = spawnSync(process.execPath, [oxlint, '-f', 'unix', '.'], { cwd: tree, encoding: 'utf8' })
  const places = stdout.split('\n').filter((line) => line.includes('no-restricted-imports'))
  expect(places.map((line) => line.replace(/ .*/, '')).sort()).toEqual(
    [1, 2, 3].map((line) => `packages/core/src/bad.ts:${line}:1:`),
  )
})
