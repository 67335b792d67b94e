import { constants } from 'node:fs'
import { access, readdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** A directory that holds all of `programs`: one on PATH, or where Debian keeps the newest Postgres. */
export async function directoryOf(...programs: readonly string[]): Promise<string | undefined> {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter((directory) => directory !== '')
  for (const directory of [...onPath, ...(await postgresDirectories())]) {
    const found = await Promise.all(programs.map(async (program) => await canRun(join(directory, program))))
    if (found.every(Boolean)) return directory
  }
  return undefined
}

async function postgresDirectories(): Promise<string[]> {
  const root = '/usr/lib/postgresql'
  try {
    const versions = await readdir(root)
    return versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(root, version, 'bin'))
  } catch {
    // No such directory: not this kind of machine.
    return []
  }
}

async function canRun(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return true
  } catch {
    // Not there, or not for us to run.
    return false
  }
}
