import { mkdirSync, realpathSync, statfsSync } from 'node:fs'
import { constants } from 'node:os'
import { DriverFault } from '@cairnkit/core/driver'
import { open } from 'lmdb'
import { type Access, type Database, accessTo } from './access.js'
import { assertDatabaseFile } from './database-file.js'
import { claimFormat } from './database-format.js'
import { fullDisk } from './lmdb-errors.js'

/** Less room than the largest value is no room. */
const FULL_BELOW_BYTES = 256 * 1024 * 1024

/** One open LMDB environment. */
export class Environment {
  readonly path: string
  readonly #database: Database
  readonly #writes = new Set<Promise<unknown>>()

  constructor(path: string, database: Database) {
    this.path = path
    this.#database = database
  }

  /** Runs `work` on the newest state that any process has committed: all of it on the same one. */
  read<T>(work: (access: Access) => T): T {
    // The library would go on with a snapshot that it took earlier in this turn of the event loop.
    this.#database.resetReadTxn()
    const transaction = this.#database.useReadTransaction()
    try {
      return work(accessTo(this.#database, transaction))
    } finally {
      transaction.done()
    }
  }

  /**
   * Runs `work` in a write transaction, alone among all processes. What it wrote is on disk when the promise resolves;
   * if it throws nothing is written.
   */
  async write<T>(work: (access: Access) => T): Promise<T> {
    // The library runs what was asked for in one turn in one transaction. As a child of it, `work` that fails takes
    // back its own writes and not those of its neighbours.
    const written = this.#database.childTransaction(() => work(accessTo(this.#database)))
    this.#writes.add(written)
    try {
      return await written
    } catch (cause) {
      throw nameFullDisk(await causeOf(cause), this.path)
    } finally {
      this.#writes.delete(written)
    }
  }

  async close(): Promise<void> {
    // The library would let writes fail that wait for their turn.
    await Promise.allSettled(this.#writes)
    await this.#database.close()
  }
}

const users = new Map<string, { readonly environment: Environment; count: number }>()
const closing = new Map<string, Promise<void>>()

/**
 * The environment at `path`, created if there is none. LMDB forbids a process to open one twice, so those who ask for
 * the same share it. Each call needs one {@link release}.
 */
export async function acquire(path: string, mapSizeBytes: number | undefined): Promise<Environment> {
  mkdirSync(path, { recursive: true })
  const real = realpathSync(path)
  for (let over = closing.get(real); over !== undefined; over = closing.get(real)) await over
  const used = users.get(real) ?? { environment: openEnvironment(real, mapSizeBytes), count: 0 }
  used.count++
  users.set(real, used)
  return used.environment
}

/** Closes the environment when nobody is left who uses it. */
export async function release({ path }: Environment): Promise<void> {
  const used = users.get(path)
  if (used === undefined || --used.count > 0) return
  users.delete(path)
  const over = used.environment.close().finally(() => closing.delete(path))
  closing.set(path, over)
  await over
}

function openEnvironment(path: string, mapSizeBytes: number | undefined): Environment {
  assertDatabaseFile(path)
  const database: Database = open({
    path,
    // The library takes a path with a dot in its last part for a file.
    noSubdir: false,
    keyEncoding: 'binary',
    encoding: 'binary',
    // A commit is flushed before it is seen, and so before its promise resolves.
    overlappingSync: false,
    // Otherwise the library makes a promise of its own for each turn, and a commit that fails ends the process.
    eventTurnBatching: false,
    ...(mapSizeBytes === undefined ? {} : { mapSize: mapSizeBytes }),
  })
  claimFormat(database)
  return new Environment(path, database)
}

/** What the library hides behind "Commit failed". */
async function causeOf(cause: unknown): Promise<unknown> {
  const hidden: unknown = (cause as { commitError?: unknown } | null)?.commitError
  if (!(hidden instanceof Promise)) return cause
  return await hidden.then(
    () => cause,
    (reason: unknown) => reason,
  )
}

/** LMDB tells a full disk as an input or output error. It has given the transaction up then. */
function nameFullDisk(cause: unknown, path: string): unknown {
  if ((cause as { code?: unknown } | null)?.code !== constants.errno.EIO) return cause
  const { bavail, bsize } = statfsSync(path)
  if (bavail * bsize > FULL_BELOW_BYTES) return cause
  return new DriverFault(fullDisk, 'the disk is full', { cause })
}
