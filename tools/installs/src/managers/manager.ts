import type { Place } from '../place.js'

/** A package manager as users know it: a program, and perhaps a setting of it. */
export interface Manager {
  /** Its column, and its name on the command line. */
  readonly id: string
  readonly name: string
  /** Fetches the program. Rejects if it cannot be had on this machine. */
  prepare(place: Place, registry: string): Promise<ReadyManager>
}

export interface ReadyManager {
  readonly version: string
  /** Of every command that runs in a project of this manager. */
  readonly env: NodeJS.ProcessEnv
  /** Makes the files of an empty project, by their names, that lead the manager to the registry. */
  readonly files: Readonly<Record<string, string>>
  /** The command that adds packages to the project in the current folder. */
  add(packages: readonly string[]): readonly string[]
  /** What stands before a program of the project to run it. */
  readonly run: readonly string[]
}
