import { createHash } from 'node:crypto'
import type { ThreadQuery } from './thread-query.js'

/** Where a listing stands: the time and the id of the last thread that was given out. */
export interface Position {
  readonly time: string
  readonly threadId: string
}

const VERSION = 1

/** A cursor belongs to one query, and tells nothing else of it. */
export function encodeCursor(query: ThreadQuery, { time, threadId }: Position): string {
  return Buffer.from(JSON.stringify([VERSION, fingerprint(query), time, threadId]), 'utf8').toString(
    'base64url',
  )
}

/** Throws a `TypeError` for what is no cursor, or that of another query. */
export function decodeCursor(query: ThreadQuery, cursor: unknown): Position {
  if (typeof cursor !== 'string') throw notACursor('got a value that is no string')
  const [version, mark, time, threadId] = partsOf(cursor)
  if (typeof version === 'number' && version > VERSION)
    throw notACursor('it was made by a newer version of @cairnkit/langgraph')
  if (version !== VERSION || typeof time !== 'string' || typeof threadId !== 'string' || !/^\d+$/.test(time))
    throw notACursor('it was not made by threads.list')
  if (mark !== fingerprint(query))
    throw notACursor('it belongs to a query with another where, sortBy or sortOrder')
  return { time, threadId }
}

function notACursor(reason: string): TypeError {
  return new TypeError(`The cursor cannot be used: ${reason}. Begin without a cursor`)
}

function partsOf(cursor: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    return Array.isArray(parts) ? parts : []
  } catch (cause) {
    if (cause instanceof SyntaxError) return []
    throw cause
  }
}

function fingerprint({ where, sortBy, isDescending }: ThreadQuery): string {
  const query = JSON.stringify([[...where].sort(([a], [b]) => (a < b ? -1 : 1)), sortBy, isDescending])
  return createHash('sha256').update(query).digest('base64url').slice(0, 12)
}
