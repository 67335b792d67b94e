import { join } from 'node:path'
import { userEnvironment } from '../commands/environment.js'
import { runCommand } from '../commands/run-command.js'
import type { Manager } from './manager.js'
import { fetchProgram } from './programs.js'

function yarnWith(id: string, name: string, nodeLinker: 'node-modules' | 'pnp'): Manager {
  return {
    id,
    name,
    async prepare(place, registry) {
      const folder = await fetchProgram(place, '@yarnpkg/cli-dist', '4')
      const program = [process.execPath, join(folder, 'node_modules/@yarnpkg/cli-dist/bin/yarn.js')]
      const env = userEnvironment()
      const settings = {
        nodeLinker,
        npmRegistryServer: registry,
        unsafeHttpWhitelist: ['127.0.0.1'],
        globalFolder: await place.folder('caches', 'yarn'),
        enableTelemetry: false,
        // What was published a minute ago is what this is about.
        npmPreapprovedPackages: ['@cairnkit/*'],
      }
      return {
        version: (await runCommand([...program, '--version'], { cwd: folder, env })).trim(),
        env,
        files: {
          'package.json': '{ "private": true }\n',
          '.yarnrc.yml': `${JSON.stringify(settings)}\n`,
          // Without it the project could belong to one in a folder above.
          'yarn.lock': '',
        },
        add: (packages) => [...program, 'add', ...packages],
        run: nodeLinker === 'pnp' ? [...program, 'node'] : [process.execPath],
      }
    },
  }
}

export const yarn: Manager = yarnWith('yarn', 'Yarn with nodeLinker: node-modules', 'node-modules')

export const yarnPnp: Manager = yarnWith('yarn-pnp', "Yarn with Plug'n'Play", 'pnp')
