/** The options of the calls of `CairnThreads`. */

import type { CallOptions } from '@cairnkit/core'
import type { ThreadOrder } from './directory-keys.js'
import type { ThreadStatus } from './thread.js'
import type { ThreadWhere } from './thread-query.js'

/** Which threads `list` gives out. */
export interface ListThreadsOptions extends CallOptions {
  /** Only threads with these values of indexed keys. @default all */
  readonly where?: ThreadWhere
  /** @default 'updated_at' */
  readonly sortBy?: ThreadOrder
  /** @default 'desc': the newest first */
  readonly sortOrder?: 'asc' | 'desc'
  /** Of the page before. @default the first page */
  readonly cursor?: string | undefined
  /** How many threads, from 1 to 1000. @default 20 */
  readonly limit?: number
}

/** Which threads `search` gives out; the names are LangGraph's. */
export interface SearchThreadsOptions extends CallOptions {
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  readonly ids?: readonly string[]
  readonly status?: ThreadStatus
  /** @default 10 */
  readonly limit?: number
  /** At most 10000. @default 0 */
  readonly offset?: number
  /** @default 'created_at' */
  readonly sortBy?: ThreadOrder
  /** @default 'desc' */
  readonly sortOrder?: 'asc' | 'desc'
}

/** How a thread is made. */
export interface CreateThreadOptions extends CallOptions {
  /** @default a random UUID */
  readonly threadId?: string
  /** What happens if there is one. @default 'raise' */
  readonly ifExists?: 'raise' | 'do_nothing'
  readonly metadata?: Readonly<Record<string, unknown>>
  /** A time of its own, in milliseconds. @default that of the saver */
  readonly ttlMs?: number
}

/** What changes of a thread. */
export interface UpdateThreadOptions extends CallOptions {
  /** Is added; a key with `undefined` or `null` goes. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  /** A time of its own, in milliseconds, from now on; `null`: none. @default as it is */
  readonly ttlMs?: number | null
}
