import { type Classification, DriverFault, unknownFailure } from '@cairnkit/core/driver'

const corrupt: Classification = { code: 'corrupt', disposition: 'permanent' }
const foreign: Classification = { code: 'foreign', disposition: 'permanent' }
const mapFull: Classification = {
  code: 'full',
  disposition: 'permanent',
  advice: 'Open the database with a larger mapSizeBytes, or let threads expire.',
}
const forbidden: Classification = {
  code: 'forbidden',
  disposition: 'permanent',
  advice: 'Give the user of this process the right to read and to write the folder and the files in it.',
}
const readOnly: Classification = {
  code: 'read-only',
  disposition: 'permanent',
  advice: 'Mount the file system of the folder for writing, or choose another path.',
}
const noMemory: Classification = {
  code: 'full',
  disposition: 'permanent',
  advice: 'Allow this process more memory: the map of the database does not fit into its address space.',
}
const manyReaders: Classification = {
  code: 'unavailable',
  disposition: 'transient',
  advice: 'Let fewer processes read the folder at once.',
}
const manyFiles: Classification = {
  code: 'unavailable',
  disposition: 'transient',
  advice: 'Allow this process more open files.',
}

/** The disk has no room; LMDB tells it in more than one way. */
export const fullDisk: Classification = {
  code: 'full',
  disposition: 'permanent',
  advice: 'Make room on the disk of the folder (or in its quota), or let threads expire.',
}

/** A write did not get its turn: one process writes at a time. */
export const noTurn: Classification = {
  code: 'timeout',
  disposition: 'ambiguous',
  advice: 'Look for a process that writes to this folder for long, or allow more time.',
}

/** Codes of LMDB are negative numbers; those of the system come as its numbers from LMDB, as names from Node. */
const table: Readonly<Record<string, Classification>> = Object.freeze({
  [-30797]: corrupt, // MDB_PAGE_NOTFOUND
  [-30796]: corrupt, // MDB_CORRUPTED
  [-30795]: corrupt, // MDB_PANIC
  [-30794]: foreign, // MDB_VERSION_MISMATCH
  [-30793]: foreign, // MDB_INVALID
  [-30792]: mapFull, // MDB_MAP_FULL
  [-30790]: manyReaders, // MDB_READERS_FULL
  [-30788]: { code: 'limit', disposition: 'permanent' }, // MDB_TXN_FULL
  1: forbidden,
  EPERM: forbidden,
  13: forbidden,
  EACCES: forbidden,
  30: readOnly,
  EROFS: readOnly,
  28: fullDisk,
  ENOSPC: fullDisk,
  27: fullDisk, // EFBIG
  122: fullDisk, // EDQUOT
  EDQUOT: fullDisk,
  12: noMemory, // ENOMEM
  20: foreign,
  ENOTDIR: foreign,
  EEXIST: foreign,
  21: foreign,
  EISDIR: foreign,
  24: manyFiles, // EMFILE
  EMFILE: manyFiles,
})

export function classifyLmdbError(cause: unknown): Classification {
  if (DriverFault.isInstance(cause)) return cause
  const code: unknown = (cause as { code?: unknown } | null | undefined)?.code
  if (typeof code !== 'string' && typeof code !== 'number') return unknownFailure
  return Object.hasOwn(table, code) ? (table[code] as Classification) : unknownFailure
}
