import { cp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from '../commands/run-command.js'
import { type Example, asEntry, withDriver } from '../documents/example.js'
import { expectMemory } from './expect-memory.js'
import type { Site } from './kind.js'

export interface Bundling {
  /** The source of `agent.mjs`. */
  readonly entry: (site: Site) => string
  /** Files of the project that the build needs, by their names. */
  readonly files: (site: Site) => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>
  /** The command that builds. */
  readonly build: (site: Site) => Promise<readonly string[]> | readonly string[]
  /** The folder in which the build leaves its files. */
  readonly out: string
  /** The one of them to run. */
  readonly file: string
  /** `alone`: where there is no `node_modules`, as on a server to which only the bundle was copied. */
  readonly runs: 'alone' | 'in the project'
}

/** Builds a bundle and runs it. */
export async function expectBundle(site: Site, kind: string, bundling: Bundling): Promise<void> {
  const { folder } = site
  await rm(join(folder, bundling.out), { recursive: true, force: true })
  const files = { 'agent.mjs': bundling.entry(site), ...(await bundling.files(site)) }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  await runCommand(await bundling.build(site), { cwd: folder, env: site.manager.env })
  if (bundling.runs === 'in the project') {
    await expectMemory(
      site,
      [...(site.runtime?.run ?? site.manager.run), join(bundling.out, bundling.file)],
      folder,
    )
    return
  }
  const alone = await site.place.folder('bundles', site.name, kind)
  await rm(alone, { recursive: true, force: true })
  await cp(join(folder, bundling.out), alone, { recursive: true })
  await expectMemory(site, [...(site.runtime?.run ?? [process.execPath]), bundling.file], alone)
}

/** The README's example with the driver named, as the documents advise for a bundle. */
export function withIoredis({ documents, url }: Site): string {
  return asEntry(named(documents.readme.example, url, 'Ioredis'))
}

/** The same on a folder. */
export function withLmdb({ documents }: Site): string {
  return asEntry(named(documents.readme.example, 'lmdb:./memory', 'Lmdb'))
}

function named(example: Example, url: string, driver: 'Ioredis' | 'Lmdb'): Example {
  return withDriver(example, url, {
    names: `create${driver}Driver`,
    from: `@cairnkit/${driver.toLowerCase()}`,
  })
}
