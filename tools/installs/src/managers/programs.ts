import { join } from 'node:path'
import { writeFile } from 'node:fs/promises'
import { runCommand } from '../commands/run-command.js'
import type { Place } from '../place.js'

/** Installs a package in a folder of its own, from the registry that npm is configured with; resolves to that folder. */
export async function fetchProgram(place: Place, name: string, wanted: string): Promise<string> {
  const folder = await place.folder('programs', name.replaceAll('/', '-'))
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, dependencies: { [name]: wanted }, allowScripts: { [name]: true } }),
  )
  await runCommand(['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund'], {
    cwd: folder,
    env: process.env,
  })
  return folder
}
