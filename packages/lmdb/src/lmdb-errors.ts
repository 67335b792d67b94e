import { type Classification, DriverFault, unknownFailure } from '@cairnkit/core/driver'

/** Codes of LMDB are negative numbers; those of the system come as its numbers from LMDB, as names from Node. */
const table: Readonly<Record<string, Classification>> = Object.freeze({
  [-30797]: { code: 'corrupt', disposition: 'permanent' }, // MDB_PAGE_NOTFOUND
  [-30796]: { code: 'corrupt', disposition: 'permanent' }, // MDB_CORRUPTED
  [-30795]: { code: 'corrupt', disposition: 'permanent' }, // MDB_PANIC
  [-30794]: { code: 'foreign', disposition: 'permanent' }, // MDB_VERSION_MISMATCH
  [-30793]: { code: 'foreign', disposition: 'permanent' }, // MDB_INVALID
  [-30792]: { code: 'full', disposition: 'permanent' }, // MDB_MAP_FULL
  [-30790]: { code: 'unavailable', disposition: 'transient' }, // MDB_READERS_FULL
  [-30788]: { code: 'limit', disposition: 'permanent' }, // MDB_TXN_FULL
  1: { code: 'forbidden', disposition: 'permanent' },
  EPERM: { code: 'forbidden', disposition: 'permanent' },
  13: { code: 'forbidden', disposition: 'permanent' },
  EACCES: { code: 'forbidden', disposition: 'permanent' },
  30: { code: 'read-only', disposition: 'permanent' },
  EROFS: { code: 'read-only', disposition: 'permanent' },
  28: { code: 'full', disposition: 'permanent' },
  ENOSPC: { code: 'full', disposition: 'permanent' },
  27: { code: 'full', disposition: 'permanent' }, // EFBIG
  122: { code: 'full', disposition: 'permanent' }, // EDQUOT
  EDQUOT: { code: 'full', disposition: 'permanent' },
  12: { code: 'full', disposition: 'permanent' }, // ENOMEM
  20: { code: 'foreign', disposition: 'permanent' },
  ENOTDIR: { code: 'foreign', disposition: 'permanent' },
  EEXIST: { code: 'foreign', disposition: 'permanent' },
  21: { code: 'foreign', disposition: 'permanent' },
  EISDIR: { code: 'foreign', disposition: 'permanent' },
  24: { code: 'unavailable', disposition: 'transient' }, // EMFILE
  EMFILE: { code: 'unavailable', disposition: 'transient' },
})

export function classifyLmdbError(cause: unknown): Classification {
  if (DriverFault.isInstance(cause)) return cause
  const code: unknown = (cause as { code?: unknown } | null | undefined)?.code
  if (typeof code !== 'string' && typeof code !== 'number') return unknownFailure
  return Object.hasOwn(table, code) ? (table[code] as Classification) : unknownFailure
}
