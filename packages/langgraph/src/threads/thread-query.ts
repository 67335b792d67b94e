import type { DirectoryEntry } from './directory-entry.js'
import { type ThreadOrder, orderPrefix, valueOf } from './directory-keys.js'
import type { Tuple } from '@cairnkit/core'

/** Threads that have these values: of their metadata, or of what their runs said. */
export type ThreadWhere = Readonly<Record<string, string | number | boolean>>

/** Which threads, in which order. */
export interface ThreadQuery {
  readonly where: ReadonlyMap<string, string>
  readonly sortBy: ThreadOrder
  readonly isDescending: boolean
}

const orders: readonly ThreadOrder[] = ['created_at', 'updated_at']

/** Throws a `TypeError` for a key that is not indexed and for what cannot be compared. */
export function resolveWhere(
  where: ThreadWhere,
  indexedKeys: readonly string[],
): ReadonlyMap<string, string> {
  if (typeof where !== 'object' || (where as object | null) === null || Array.isArray(where))
    throw new TypeError(
      `where must be an object of keys and values, such as { user_id: 'ada' }, got ${JSON.stringify(where)}`,
    )
  const resolved = new Map<string, string>()
  for (const [key, value] of Object.entries(where)) {
    if (!indexedKeys.includes(key)) {
      const indexed =
        indexedKeys.length === 0
          ? 'no key is'
          : `${indexedKeys.join(', ')} ${indexedKeys.length === 1 ? 'is' : 'are'}`
      throw new TypeError(
        `where cannot ask for ${JSON.stringify(key)}, because it is not indexed (${indexed}). ` +
          `Pass index: ${JSON.stringify([...indexedKeys, key])} to CairnThreads, and call threads.reindex() for the threads that are stored already`,
      )
    }
    if (
      typeof value !== 'string' &&
      typeof value !== 'boolean' &&
      !(typeof value === 'number' && Number.isFinite(value))
    )
      throw new TypeError(`where.${key} must be a string, a number, or true or false, got ${String(value)}`)
    resolved.set(key, String(value))
  }
  return resolved
}

export function resolveQuery(
  {
    where = {},
    sortBy = 'updated_at',
    sortOrder = 'desc',
  }: {
    readonly where?: ThreadWhere | undefined
    readonly sortBy?: ThreadOrder | undefined
    readonly sortOrder?: 'asc' | 'desc' | undefined
  },
  indexedKeys: readonly string[],
): ThreadQuery {
  if (!orders.includes(sortBy))
    throw new TypeError(`sortBy must be "created_at" or "updated_at", got ${JSON.stringify(sortBy)}`)
  if (sortOrder !== 'asc' && sortOrder !== 'desc')
    throw new TypeError(`sortOrder must be "asc" or "desc", got ${JSON.stringify(sortOrder)}`)
  return { where: resolveWhere(where, indexedKeys), sortBy, isDescending: sortOrder === 'desc' }
}

/** Below it are all threads that the first key of the query allows. */
export function prefixOf({ where, sortBy }: ThreadQuery): Tuple {
  const [first] = where
  return orderPrefix(sortBy, first)
}

/** Whether a thread has all values of a query. */
export function isMatch(entry: DirectoryEntry, { where }: Pick<ThreadQuery, 'where'>): boolean {
  return [...where].every(([key, value]) => valueOf(entry, key) === value)
}

/** Throws a `TypeError` unless `limit` is a size of a page. */
export function assertPage(name: string, limit: unknown, least: number, most: number): void {
  if (typeof limit === 'number' && Number.isSafeInteger(limit) && limit >= least && limit <= most) return
  throw new TypeError(`${name} must be a whole number from ${least} to ${most}, got ${String(limit)}`)
}
