import { type CallOptions, type Keyspace, compareTuples, successor } from '@cairnkit/core'
import { checkpointsPrefix, namespacesPrefix } from '../../records/keys.js'
import type { CheckpointReads } from '../reading/checkpoint-reads.js'
import type { StoredCheckpoint } from '../reading/stored-checkpoint.js'
import type { Tuples } from '../reading/tuples.js'
import { CursorHeap } from './cursor-heap.js'
import { equalsJson } from './equals-json.js'
import { type IdBounds, NamespaceCursor, PAGE_SIZE } from './namespace-cursor.js'

/** Which checkpoints to list. What is `undefined` is not restricted. */
export interface ListingQuery {
  readonly threadId: string | undefined
  readonly namespace: string | undefined
  readonly checkpointId: string | undefined
  /** Exclusive; compared by value, whether such a checkpoint is stored or not. */
  readonly beforeId: string | undefined
  /** Equal values of top-level keys of the metadata; a value of `undefined` restricts nothing. */
  readonly filter: Readonly<Record<string, unknown>>
  readonly limit: number | undefined
}

/** What a listing works with. */
export interface ListingTools {
  readonly threads: Keyspace
  readonly reads: CheckpointReads
  readonly tuples: Tuples
}

/** How many threads are asked for their newest checkpoints at the same time. */
const THREADS_AT_ONCE = 32

/**
 * The checkpoints that a query names, newest first by id over all threads and namespaces, read page by page. A listing
 * that names a thread and a namespace costs one round trip a page.
 */
export async function* listCheckpoints(
  { threads, reads, tuples }: ListingTools,
  query: ListingQuery,
  options: CallOptions,
): AsyncGenerator<StoredCheckpoint> {
  let left = query.limit ?? Number.POSITIVE_INFINITY
  if (left <= 0) return
  const filter = Object.entries(query.filter).filter(([, value]) => value !== undefined)
  const cursors = await openCursors(threads, reads, query, options)
  // With a filter it is not known how many checkpoints must be seen.
  const wanted = filter.length === 0 ? left : Number.POSITIVE_INFINITY
  const pageSize = Math.max(1, Math.min(wanted, Math.ceil(PAGE_SIZE / Math.max(1, cursors.length))))
  for await (const stored of merge(cursors, pageSize, options)) {
    if (!(await matches(tuples, filter, stored))) continue
    yield stored
    if (--left <= 0) return
  }
}

/** Fetches only when the next checkpoint cannot be told without it. */
async function* merge(
  cursors: readonly NamespaceCursor[],
  pageSize: number,
  options: CallOptions,
): AsyncGenerator<StoredCheckpoint> {
  const unknown = cursors.filter((cursor) => cursor.nextId === undefined)
  await Promise.all(unknown.map(async (cursor) => await cursor.fetch(pageSize, options)))
  const heap = new CursorHeap()
  for (const cursor of cursors) heap.add(cursor)
  for (let cursor = heap.take(); cursor !== undefined; cursor = heap.take()) {
    if (cursor.needsPage) await cursor.fetch(pageSize, options)
    const stored = cursor.take()
    if (stored !== undefined) yield stored
    if (cursor.nextId === undefined && cursor.needsPage) await cursor.fetch(pageSize, options)
    heap.add(cursor)
  }
}

async function openCursors(
  threads: Keyspace,
  reads: CheckpointReads,
  query: ListingQuery,
  options: CallOptions,
): Promise<NamespaceCursor[]> {
  const { threadId, namespace } = query
  if (threadId !== undefined && namespace !== undefined) {
    return [new NamespaceCursor(reads, threadId, namespace, boundsOf(query))]
  }
  if (threadId !== undefined) return await openThread(threads, reads, query, threadId, options)
  const cursors: NamespaceCursor[] = []
  let opening: Promise<NamespaceCursor[]>[] = []
  for await (const [id] of threads.partitions(options)) {
    if (id !== undefined) opening.push(openThread(threads, reads, query, id, options))
    if (opening.length < THREADS_AT_ONCE) continue
    cursors.push(...(await Promise.all(opening)).flat())
    opening = []
  }
  return [...cursors, ...(await Promise.all(opening)).flat()]
}

/** The namespaces of a thread with the ids of their newest checkpoints; no values are fetched for that. */
async function openThread(
  threads: Keyspace,
  reads: CheckpointReads,
  query: ListingQuery,
  threadId: string,
  options: CallOptions,
): Promise<NamespaceCursor[]> {
  const thread = threads.partition(threadId)
  const bounds = boundsOf(query)
  const namespaces =
    query.namespace === undefined
      ? (await thread.read([{ type: 'names', prefix: namespacesPrefix }], options))[0].names
      : [query.namespace]
  const newest = await thread.read(
    namespaces.map((namespace) => ({
      type: 'groups' as const,
      prefix: checkpointsPrefix(namespace),
      ...bounds,
      limit: 1,
      reverse: true,
    })),
    options,
  )
  return namespaces.flatMap((namespace, at) => {
    const nextId = newest[at]?.groups[0]?.element
    return nextId === undefined ? [] : [new NamespaceCursor(reads, threadId, namespace, bounds, nextId)]
  })
}

function boundsOf(query: ListingQuery): IdBounds {
  const { checkpointId, beforeId } = query
  const afterId = checkpointId === undefined ? undefined : successor(checkpointId)
  const until =
    afterId === undefined || (beforeId !== undefined && compareTuples([beforeId], [afterId]) < 0)
      ? beforeId
      : afterId
  return {
    ...(checkpointId === undefined ? {} : { from: checkpointId }),
    ...(until === undefined ? {} : { until }),
  }
}

async function matches(
  tuples: Tuples,
  filter: readonly (readonly [string, unknown])[],
  stored: StoredCheckpoint,
): Promise<boolean> {
  if (filter.length === 0) return true
  const metadata = (await tuples.metadataOf(stored)) as Readonly<Record<string, unknown>>
  return filter.every(([key, value]) => Object.hasOwn(metadata, key) && equalsJson(metadata[key], value))
}
