import type { RootDatabase, Transaction } from 'lmdb'

export type Database = RootDatabase<Uint8Array, Uint8Array>

/** Keys of the database from `from` on and before `until`, as bytes. */
export interface ByteRange {
  readonly from: Uint8Array
  readonly until: Uint8Array
}

export interface Entry {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

/** The ordered bytes below everything else, within one transaction. What it returns is a copy. */
export interface Access {
  get(key: Uint8Array): Uint8Array | undefined
  has(key: Uint8Array): boolean
  entries(range: ByteRange, reverse?: boolean): Iterable<Entry>
  keys(range: ByteRange, reverse?: boolean): Iterable<Uint8Array>
  put(key: Uint8Array, value: Uint8Array): void
  remove(key: Uint8Array): void
}

/** With options and without a version, which the types of the library do not know. */
type Exists = (this: Database, key: Uint8Array, version: undefined, options: object) => boolean

/** Without a transaction: in the write transaction that is running. */
export function accessTo(database: Database, transaction?: Transaction): Access {
  const options = transaction === undefined ? {} : { transaction }
  return {
    get: (key) => {
      const value = database.get(key, options)
      return value && plain(value)
    },
    has: (key) => (database.doesExist as Exists).call(database, key, undefined, options),
    *entries(range, reverse = false) {
      for (const { key, value } of database.getRange({ ...bounds(range, reverse), ...options }))
        yield { key, value: plain(value) }
    },
    keys: (range, reverse = false) => database.getKeys({ ...bounds(range, reverse), ...options }),
    put: (key, value) => database.putSync(key, value),
    remove: (key) => {
      database.removeSync(key)
    },
  }
}

/** Not as a `Buffer`: its `slice` does not copy, and users are promised a `Uint8Array`. */
function plain(value: Uint8Array): Uint8Array {
  return new Uint8Array(value.buffer, value.byteOffset, value.length)
}

/** The library wants the bound that is met first as `start`. */
function bounds({ from, until }: ByteRange, reverse: boolean): object {
  return reverse
    ? { start: until, exclusiveStart: true, end: from, inclusiveEnd: true, reverse }
    : { start: from, end: until }
}
