import { join } from 'node:path'
import { userEnvironment } from '../commands/environment.js'
import { runCommand } from '../commands/run-command.js'
import type { Place } from '../place.js'
import type { Manager } from './manager.js'
import { fetchProgram } from './programs.js'

export async function denoProgram(place: Place): Promise<string> {
  return join(await fetchProgram(place, 'deno', '2'), 'node_modules/.bin/deno')
}

/** Deno installs and runs, without a folder `node_modules`. */
export const deno: Manager = {
  id: 'deno',
  name: 'Deno',
  async prepare(place, registry) {
    const program = await denoProgram(place)
    const env = userEnvironment({
      DENO_DIR: await place.folder('caches', 'deno'),
      NPM_CONFIG_REGISTRY: registry,
    })
    const said = await runCommand([program, '--version'], { cwd: await place.folder('programs'), env })
    return {
      version: /^deno (\S+)/.exec(said)?.[1] ?? said.trim(),
      env,
      files: { 'deno.json': '{}\n' },
      add: (packages) => [program, 'add', ...packages.map((name) => `npm:${name}`)],
      run: [program, 'run', '--allow-all'],
    }
  },
}
