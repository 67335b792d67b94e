import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from '../commands/run-command.js'
import { freePort, startServer } from '../commands/start-server.js'
import type { Place } from '../place.js'
import { registrySettings } from './settings.js'

/** A registry of this machine, which ends with the run. */
export interface Registry extends AsyncDisposable {
  readonly url: string
}

/** Its newest dependencies ask for versions that not every registry has. */
const manifest = {
  private: true,
  dependencies: { verdaccio: '6.8.0' },
  overrides: { 'node-fetch-cjs': 'npm:node-fetch@2.7.0', 'node-fetch': '2.7.0' },
}

/** Starts verdaccio in a folder of its own. What it does not have it takes from the registry that npm is configured with. */
export async function startRegistry(place: Place): Promise<Registry> {
  const folder = await place.folder('registry')
  const { env } = process
  const upstream = (await runCommand(['npm', 'config', 'get', 'registry'], { cwd: folder, env })).trim()
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  await runCommand(['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: folder, env })
  // An earlier run may have published other packages under the same versions.
  await rm(join(folder, 'storage/@cairnkit'), { recursive: true, force: true })
  await rm(join(folder, 'storage/.verdaccio-db.json'), { force: true })
  await writeFile(join(folder, 'config.yaml'), registrySettings(upstream))
  const url = `http://127.0.0.1:${await freePort()}`
  const program = join(folder, 'node_modules/verdaccio/bin/verdaccio')
  const argv = [process.execPath, program, '--config', join(folder, 'config.yaml'), '--listen', url]
  const server = await startServer(argv, { cwd: folder, env, probe: `${url}/-/ping` })
  return { url, [Symbol.asyncDispose]: async () => await server[Symbol.asyncDispose]() }
}
