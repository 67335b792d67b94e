import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'

/** The path of a program, given by a path or by its name on PATH. */
export async function findProgram(program: string): Promise<string | undefined> {
  if (program.includes('/')) return (await isProgram(program)) ? resolve(program) : undefined
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    if (directory !== '' && (await isProgram(join(directory, program)))) return join(directory, program)
  }
  return undefined
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    // Not there, or not for us to run: either way it is no program of ours.
    return false
  }
}
