import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { userEnvironment } from '../commands/environment.js'
import { runCommand } from '../commands/run-command.js'
import type { Place } from '../place.js'
import { root } from '../root.js'
import type { Registry } from './start-registry.js'

interface Manifest {
  readonly name: string
  readonly private?: boolean
}

/** Builds, packs and publishes every public package of this repository; resolves to their names. */
export async function publishPackages(place: Place, registry: Registry): Promise<string[]> {
  await runCommand(['npm', 'run', '--silent', 'build'], { cwd: root, env: process.env })
  const userConfig = join(await place.folder('publishing'), 'npmrc')
  // The registry asks for no account, but npm does not publish without one.
  await writeFile(
    userConfig,
    `registry=${registry.url}/\n${registry.url.replace(/^http:/, '')}/:_authToken=nobody\n`,
  )
  const env = userEnvironment({ npm_config_userconfig: userConfig })
  const published: string[] = []
  for (const entry of await readdir(join(root, 'packages'))) {
    const folder = join(root, 'packages', entry)
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
    if (manifest.private === true) continue
    await runCommand(
      ['npm', 'publish', '--ignore-scripts', '--provenance=false', '--registry', registry.url],
      { cwd: folder, env },
    )
    published.push(manifest.name)
  }
  return published
}
