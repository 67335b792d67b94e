import { type CallOptions, assertKnownOptions } from '@cairnkit/core'
import type { ThreadOrder } from './directory-keys.js'
import type { Thread } from './thread.js'
import { assertThreadId } from './thread-arguments.js'
import type { ListThreadsOptions, SearchThreadsOptions } from './thread-calls.js'
import type { ThreadPage } from './thread-pages.js'
import { type ThreadWhere, assertPage, resolveWhere } from './thread-query.js'

const DEFAULT_SEARCH = 10
const MOST_PER_PAGE = 1000
const MOST_OFFSET = 10_000

const searchNames = ['metadata', 'ids', 'status', 'limit', 'offset', 'sortBy', 'sortOrder'] as const
const callNames = ['signal', 'timeoutMs'] as const

/** What a search asks the directory. */
export interface SearchSource {
  list(options: ListThreadsOptions): Promise<ThreadPage>
  count(options: CallOptions & { readonly where?: ThreadWhere }): Promise<number>
  read(
    ids: readonly string[],
    call: CallOptions,
    where: ReturnType<typeof resolveWhere>,
  ): Promise<ReadonlyMap<string, Thread>>
}

/** Goes through threads by offset. A search by status or by ids looks at all that it may select. */
export async function* searchThreads(
  source: SearchSource,
  indexedKeys: readonly string[],
  options: SearchThreadsOptions,
): AsyncGenerator<{ readonly thread: Thread; readonly total: number }> {
  assertKnownOptions('search', options, [...searchNames, ...callNames])
  const {
    metadata = {},
    ids,
    status,
    limit = DEFAULT_SEARCH,
    offset = 0,
    sortBy = 'created_at',
    sortOrder,
    ...call
  } = options
  assertPage('limit', limit, 0, MOST_PER_PAGE)
  if (typeof offset === 'number' && offset > MOST_OFFSET)
    throw new TypeError(
      `offset must be at most ${MOST_OFFSET}, got ${offset}: go on with threads.list and its cursor`,
    )
  assertPage('offset', offset, 0, MOST_OFFSET)
  if (limit === 0) return
  const where = metadata as ThreadWhere
  const resolved = resolveWhere(where, indexedKeys)
  const isSelected = (thread: Thread): boolean =>
    (status === undefined || thread.status === status) && (ids === undefined || ids.includes(thread.threadId))
  const isCounted = status === undefined && ids === undefined
  let total = isCounted ? await source.count({ where, ...call }) : 0
  const found: Thread[] = []
  if (ids === undefined) {
    let cursor: string | undefined
    do {
      const size = Math.min(
        MOST_PER_PAGE,
        isCounted ? Math.max(1, offset + limit - found.length) : MOST_PER_PAGE,
      )
      const page = await source.list({
        where,
        sortBy,
        ...(sortOrder && { sortOrder }),
        cursor,
        limit: size,
        ...call,
      })
      found.push(...page.threads.filter(isSelected))
      cursor = page.cursor
    } while (cursor !== undefined && (!isCounted || found.length < offset + limit))
  } else {
    for (const id of ids) assertThreadId(id)
    const threads = await source.read([...new Set(ids)], call, resolved)
    found.push(...[...threads.values()].filter(isSelected).toSorted(byTime(sortBy, sortOrder ?? 'desc')))
  }
  if (!isCounted) total = found.length
  for (const thread of found.slice(offset, offset + limit)) yield { thread, total }
}

function byTime(sortBy: ThreadOrder, sortOrder: 'asc' | 'desc'): (left: Thread, right: Thread) => number {
  const sign = sortOrder === 'desc' ? -1 : 1
  const timeOf = ({ createdAt, updatedAt }: Thread): string =>
    sortBy === 'created_at' ? createdAt : updatedAt
  return (left, right) => sign * (timeOf(left) < timeOf(right) ? -1 : timeOf(left) > timeOf(right) ? 1 : 0)
}
