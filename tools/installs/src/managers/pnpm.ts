import { join } from 'node:path'
import { userEnvironment } from '../commands/environment.js'
import { runCommand } from '../commands/run-command.js'
import type { Manager } from './manager.js'
import { fetchProgram } from './programs.js'

/** What docs/bundlers.md says about the driver for LMDB. */
export const lmdbBuilds: Readonly<Record<string, boolean>> = { lmdb: false, 'msgpackr-extract': false }

/** Bundlers have install scripts too. */
const toolBuilds: Readonly<Record<string, boolean>> = { esbuild: true, sharp: false }

/** @param autoInstallPeers Its setting; pnpm's default is true. */
function pnpmWith(id: string, name: string, autoInstallPeers: boolean): Manager {
  return {
    id,
    name,
    async prepare(place, registry) {
      const program = join(await fetchProgram(place, 'pnpm', '12'), 'node_modules/.bin/pnpm')
      const env = userEnvironment({ XDG_CACHE_HOME: await place.folder('caches', 'pnpm') })
      const settings = {
        storeDir: await place.folder('caches', 'pnpm-store'),
        autoInstallPeers,
        // What was published a minute ago is what this is about.
        minimumReleaseAgeExclude: ['@cairnkit/*'],
        allowBuilds: { ...lmdbBuilds, ...toolBuilds },
      }
      const cwd = await place.folder('programs')
      return {
        version: (await runCommand([program, '--version'], { cwd, env })).trim(),
        env,
        files: {
          'package.json': '{ "private": true }\n',
          '.npmrc': `registry=${registry}/\n`,
          // JSON is YAML.
          'pnpm-workspace.yaml': `${JSON.stringify(settings)}\n`,
        },
        add: (packages) => [program, 'add', ...packages],
        run: [process.execPath],
      }
    },
  }
}

export const pnpm: Manager = pnpmWith('pnpm', 'pnpm', true)

export const pnpmWithoutPeers: Manager = pnpmWith('pnpm-bare', 'pnpm with autoInstallPeers: false', false)
