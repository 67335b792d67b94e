import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from '../commands/run-command.js'
import type { Kind, Site } from '../kinds/kind.js'
import { template } from '../root.js'

const SUITES = ['driver', 'checkpointer'] as const
const STORAGES = ['memory', 'lmdb', 'ioredis', 'node-redis'] as const

/** Every driver and both suites, as packages: the project has one driver from the README, and gets the others. */
const packages = [
  ...['@cairnkit/conformance', '@cairnkit/memory', '@cairnkit/lmdb'],
  ...['@cairnkit/node-redis', 'redis'],
]

/** The published suites against the published drivers. */
export const suiteKinds: readonly Kind[] = STORAGES.flatMap((storage) =>
  SUITES.map((suite): Kind => ({
    id: `${suite}-${storage}`,
    name: `${suite} suite, ${storage}`,
    project: 'ioredis',
    tools: packages,
    short: false,
    onRuntimes: true,
    without: {},
    check: async (site) => await runSuite(site, suite, storage),
  })),
)

async function runSuite(site: Site, suite: string, storage: string): Promise<void> {
  for (const file of ['suites.mjs', 'runner.mjs'])
    await copyFile(template(`suites/${file}`), join(site.folder, file))
  const run = site.runtime?.run ?? site.manager.run
  const said = await runCommand([...run, 'suites.mjs', suite, storage, site.url], {
    cwd: site.folder,
    env: site.manager.env,
  })
  const verdict = said.trimEnd().split('\n').at(-1) ?? ''
  // A suite that was not defined would pass as well.
  if (!/^[1-9]\d{2,} passed, 0 failed, \d+ skipped$/.test(verdict)) throw new Error(said)
  process.stderr.write(`  ${verdict}\n`)
}
