import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Example, asCommonJs, asModule, withStorage, withUrl } from '../documents/example.js'
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
    id: 'langgraph-1.0',
    name: 'ES module, ioredis, LangGraph 1.0.0',
    project: 'langgraph-1.0',
    short: false,
    check: async (site) =>
      await runInPlace(site, 'agent.mjs', asModule(onServer(site.documents.readme.example, site))),
  },
  {
    ...everywhere,
    id: 'iovalkey',
    name: 'ES module, a client of iovalkey',
    project: 'ioredis',
    tools: ['iovalkey'],
    short: false,
    async check(site) {
      const storage = `createIoredisDriver({ client: new Redis('${site.url}', { lazyConnect: true }), duplicate: true })`
      const program = withStorage(site.documents.readme.example, storage, [
        { names: 'createIoredisDriver', from: '@cairnkit/ioredis' },
        { names: 'Redis', from: 'iovalkey' },
      ])
      await runInPlace(site, 'agent.mjs', asModule(program))
    },
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
