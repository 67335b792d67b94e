import type { NamedFiles } from '../documents/named-files.js'
import type { Readme } from '../documents/readme.js'
import type { ReadyManager } from '../managers/manager.js'
import type { Place } from '../place.js'
import type { ReadyRuntime } from '../runtimes/runtimes.js'

/** A project that is installed once and serves several kinds. */
export type ProjectName = 'lmdb' | 'ioredis' | 'node-redis' | 'next' | 'langgraph-1.0'

/** A way in which a user's program becomes something that runs: a row of the table. */
export interface Kind {
  /** On the command line. */
  readonly id: string
  readonly name: string
  readonly project: ProjectName
  /** What has to be installed besides, as a package manager takes it. */
  readonly tools: readonly string[]
  /** Whether a run with `--short` tries it. */
  readonly short: boolean
  /** Whether it is also tried on each runtime. */
  readonly onRuntimes: boolean
  /** The managers, by their ids, with which nobody can have it, and why. */
  readonly without: Readonly<Record<string, string>>
  /** Rejects, with what happened, unless the program remembers. */
  check(site: Site): Promise<void>
}

/** A project in which packages have been installed. */
export interface Site {
  readonly place: Place
  /** Names it among others; a legal name of a folder. */
  readonly name: string
  readonly folder: string
  readonly manager: ReadyManager
  /** What runs the program in place of what the manager says. */
  readonly runtime: ReadyRuntime | undefined
  readonly documents: Documents
  /** The URL of an empty server. */
  readonly url: string
}

export interface Documents {
  readonly readme: Readme
  /** The files that `docs/bundlers.md` shows. */
  readonly bundlers: NamedFiles
}
