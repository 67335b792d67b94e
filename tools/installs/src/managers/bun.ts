import { join } from 'node:path'
import { userEnvironment } from '../commands/environment.js'
import { runCommand } from '../commands/run-command.js'
import type { Place } from '../place.js'
import type { Manager } from './manager.js'
import { fetchProgram } from './programs.js'

export async function bunProgram(place: Place): Promise<string> {
  return join(await fetchProgram(place, 'bun', '1'), 'node_modules/.bin/bun')
}

/** Bun installs, and Node runs: Bun as a runtime stands among the runtimes. */
export const bun: Manager = {
  id: 'bun',
  name: 'Bun',
  async prepare(place, registry) {
    const program = await bunProgram(place)
    const env = userEnvironment({ BUN_INSTALL_CACHE_DIR: await place.folder('caches', 'bun') })
    return {
      version: (
        await runCommand([program, '--version'], { cwd: await place.folder('programs'), env })
      ).trim(),
      env,
      files: {
        'package.json': '{ "private": true }\n',
        'bunfig.toml': `[install]\nregistry = "${registry}/"\n`,
      },
      add: (packages) => [program, 'add', ...packages],
      run: [process.execPath],
    }
  },
}
