import { DriverFault } from '@cairnkit/core/driver'
import type { Database } from './access.js'

/** The layout of keys, described in `layout.ts`. */
const LAYOUT_VERSION = 1
const FORMAT_KEY = Buffer.from('\0cairn')

/** Marks an empty database as Cairn's. Refuses one that holds something else, or a layout that is newer. */
export function claimFormat(database: Database): void {
  const version = database.getBinary(FORMAT_KEY) ?? database.transactionSync(() => claim(database))
  if ((version[0] as number) <= LAYOUT_VERSION) return
  throw new DriverFault(
    { code: 'format', disposition: 'permanent' },
    `the database has layout ${version[0]}, and this version knows layouts up to ${LAYOUT_VERSION}`,
  )
}

function claim(database: Database): Uint8Array {
  // Another process may have been faster.
  const claimed = database.getBinary(FORMAT_KEY)
  if (claimed !== undefined) return claimed
  for (const key of database.getKeys({ start: Buffer.alloc(1), limit: 1 }))
    throw new DriverFault(
      { code: 'foreign', disposition: 'permanent' },
      `the database holds data that Cairn did not write (a key of ${key.length} bytes)`,
    )
  const version = Uint8Array.of(LAYOUT_VERSION)
  database.putSync(FORMAT_KEY, version)
  return version
}
