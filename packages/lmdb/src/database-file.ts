import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { DriverFault } from '@cairnkit/core/driver'

const DATA_FILE = 'data.mdb'
const MAGIC = 0xbeefc0de
/** Where the first page of a file keeps the magic number: in this LMDB, and in the original. */
const MAGIC_AT = [24, 16]

/**
 * Refuses a file that is no LMDB database. The library does not survive being given one: it ends the process.
 */
export function assertDatabaseFile(folder: string): void {
  const start = firstBytes(join(folder, DATA_FILE))
  if (start.length === 0) return
  const isDatabase = MAGIC_AT.some((at) => start.length >= at + 4 && start.readUInt32LE(at) === MAGIC)
  if (!isDatabase)
    throw new DriverFault(
      { code: 'foreign', disposition: 'permanent' },
      `${join(folder, DATA_FILE)} is no LMDB database`,
    )
}

/** Nothing, where there is no file yet. */
function firstBytes(file: string): Buffer {
  const start = Buffer.alloc(64)
  let descriptor: number | undefined
  try {
    descriptor = openSync(file, 'r')
    return start.subarray(0, readSync(descriptor, start, 0, start.length, 0))
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw cause
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}
