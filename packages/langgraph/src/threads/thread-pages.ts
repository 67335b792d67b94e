import { type CallOptions, tellObserver } from '@cairnkit/core'
import type { BackgroundWork } from '../background/background-work.js'
import { type Position, decodeCursor, encodeCursor } from './cursor.js'
import type { Directory } from './directory.js'
import type { DirectoryObserver } from './directory-event.js'
import { MergedShards } from './merged-shards.js'
import { type Thread, threadOf } from './thread.js'
import type { ThreadPartitions } from './thread-presence.js'
import { type ThreadQuery, isMatch } from './thread-query.js'

/** One page of a listing. */
export interface ThreadPage {
  readonly threads: readonly Thread[]
  /** For the next page; `undefined`: this is the last one. */
  readonly cursor: string | undefined
}

interface Found {
  readonly position: Position
  readonly thread: Thread
}

/** What pages are read with. */
export interface PageTools {
  readonly directory: Directory
  readonly partitions: ThreadPartitions
  readonly background: BackgroundWork
  readonly observer: DirectoryObserver | undefined
}

/**
 * Reads one page in two round trips: the order of all shards together, then the threads of the page together, each with its entry,
 * its expiry and its lease. A thread that is gone is not in it, and its entry is removed in the background.
 */
export async function readPage(
  tools: PageTools,
  query: ThreadQuery,
  { cursor, limit }: { readonly cursor: string | undefined; readonly limit: number },
  options: CallOptions,
): Promise<ThreadPage> {
  const after = cursor === undefined ? undefined : decodeCursor(query, cursor)
  const merged = new MergedShards(await tools.directory.shards(), query, after, options)
  const found: Found[] = []
  // One more than the page says whether there is another page.
  while (found.length <= limit) {
    const positions = await merged.next(limit + 1 - found.length)
    if (positions.length === 0) break
    const threads = await readThreads(
      tools,
      positions.map(({ threadId }) => threadId),
      options,
      query,
    )
    for (const position of positions) {
      const thread = threads.get(position.threadId)
      if (thread !== undefined) found.push({ position, thread })
    }
  }
  const page = found.slice(0, limit)
  const last = page.at(-1)
  return {
    threads: page.map(({ thread }) => thread),
    cursor: found.length > limit && last !== undefined ? encodeCursor(query, last.position) : undefined,
  }
}

/** The threads that are there, and match. One round trip. */
export async function readThreads(
  { directory, partitions, background, observer }: PageTools,
  threadIds: readonly string[],
  options: CallOptions,
  query: Pick<ThreadQuery, 'where'> = { where: new Map() },
): Promise<ReadonlyMap<string, Thread>> {
  const [entries, presences, leases] = await Promise.all([
    directory.entriesOf(threadIds, options),
    Promise.all(threadIds.map(async (id) => await partitions.presenceOf(id, options))),
    Promise.all(threadIds.map(async (id) => await partitions.isBusy(id, options))),
  ])
  const threads = new Map<string, Thread>()
  for (const [at, id] of threadIds.entries()) {
    const entry = entries.get(id)
    const presence = presences[at]
    if (entry === undefined) continue
    if (presence === undefined) {
      background.start('directory', id, async () => {
        if (await directory.removeGone(id))
          tellObserver('saver', () => observer?.onExpired?.({ threadId: id }))
      })
    } else if (isMatch(entry, query)) {
      threads.set(id, threadOf(id, entry, presence, leases[at] === true))
    }
  }
  return threads
}
