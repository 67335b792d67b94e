import { userEnvironment } from '../commands/environment.js'
import { runCommand } from '../commands/run-command.js'
import { bunProgram } from '../managers/bun.js'
import { denoProgram } from '../managers/deno.js'
import type { Place } from '../place.js'

/** Something that runs programs of JavaScript. */
export interface Runtime {
  /** Its column, and its name on the command line. */
  readonly id: string
  readonly name: string
  /** Fetches it. Rejects if it cannot be had on this machine. */
  prepare(place: Place): Promise<ReadyRuntime>
}

export interface ReadyRuntime {
  readonly version: string
  /** What stands before a program to run it. */
  readonly run: readonly string[]
}

/** The first is the oldest that Cairn supports. */
const nodeVersions: readonly string[] = ['20.19', '22', '24', '26']

function node(wanted: string): Runtime {
  return {
    id: `node${wanted}`,
    name: 'Node',
    async prepare(place) {
      const cwd = await place.folder('programs')
      const ask = [
        'npx',
        '-y',
        '-p',
        `node@${wanted}`,
        'node',
        '-p',
        'process.execPath + " " + process.versions.node',
      ]
      const said = await runCommand(ask, { cwd, env: process.env })
      const [program = '', version = ''] = said.trim().split(' ')
      if (!version.startsWith(`${wanted}.`)) throw new Error(`npx gave Node ${version} for node@${wanted}`)
      return { version, run: [program] }
    },
  }
}

const bun: Runtime = {
  id: 'on-bun',
  name: 'Bun',
  async prepare(place) {
    const program = await bunProgram(place)
    const cwd = await place.folder('programs')
    return {
      version: (await runCommand([program, '--version'], { cwd, env: userEnvironment() })).trim(),
      run: [program],
    }
  },
}

const deno: Runtime = {
  id: 'on-deno',
  name: 'Deno',
  async prepare(place) {
    const program = await denoProgram(place)
    const said = await runCommand([program, '--version'], {
      cwd: await place.folder('programs'),
      env: userEnvironment(),
    })
    // The project was installed by npm.
    const run = [program, 'run', '--allow-all', '--node-modules-dir=manual']
    return { version: /^deno (\S+)/.exec(said)?.[1] ?? said.trim(), run }
  },
}

export const runtimes: readonly Runtime[] = [...nodeVersions.map(node), bun, deno]
