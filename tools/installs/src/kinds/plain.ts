import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Example, asCommonJs, asModule, withUrl } from '../documents/example.js'
import { expectMemory } from './expect-memory.js'
import type { Kind, Site } from './kind.js'

/** Writes a program into the project and runs it there. */
async function runInPlace(site: Site, file: string, code: string): Promise<void> {
  await writeFile(join(site.folder, file), code)
  const run = site.runtime?.run ?? site.manager.run
  await expectMemory(site, [...run, file], site.folder)
}

const everywhere = { tools: [], short: true, onRuntimes: true, without: {} } as const

function onServer(example: Example, site: Site): Example {
  return withUrl(example, site.url)
}

export const plainKinds: readonly Kind[] = [
  {
    ...everywhere,
    id: 'readme',
    name: 'the README as it stands, lmdb',
    project: 'lmdb',
    async check(site) {
      await rm(join(site.folder, 'memory'), { recursive: true, force: true })
      await runInPlace(site, 'agent.mjs', asModule(site.documents.readme.example))
    },
  },
  {
    ...everywhere,
    id: 'esm',
    name: 'ES module, ioredis',
    project: 'ioredis',
    check: async (site) =>
      await runInPlace(site, 'agent.mjs', asModule(onServer(site.documents.readme.example, site))),
  },
  {
    ...everywhere,
    id: 'cjs',
    name: 'CommonJS, ioredis',
    project: 'ioredis',
    check: async (site) =>
      await runInPlace(site, 'agent.cjs', asCommonJs(onServer(site.documents.readme.example, site))),
  },
  {
    ...everywhere,
    id: 'node-redis',
    name: 'ES module, node-redis',
    project: 'node-redis',
    short: false,
    check: async (site) =>
      await runInPlace(site, 'agent.mjs', asModule(onServer(site.documents.readme.example, site))),
  },
]
