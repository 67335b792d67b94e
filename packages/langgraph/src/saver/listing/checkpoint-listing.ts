import { type CallOptions, type Keyspace, compareTuples, successor } from '@cairnkit/core'
import { checkpointsPrefix, namespacesPrefix } from '../../records/keys.js'
import type { CheckpointReads } from '../checkpoint-reads.js'
import type { StoredCheckpoint } from '../stored-checkpoint.js'
import type { Tuples } from '../tuples.js'
import { equalsJson } from './equals-json.js'
import { LaneHeap } from './lane-heap.js'
import { type IdBounds, Lane, PAGE_SIZE } from './listing-lane.js'

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
  const lanes = await openLanes(threads, reads, query, options)
  // With a filter it is not known how many checkpoints must be seen.
  const wanted = filter.length === 0 ? left : Number.POSITIVE_INFINITY
  const pageSize = Math.max(1, Math.min(wanted, Math.ceil(PAGE_SIZE / Math.max(1, lanes.length))))
  for await (const stored of merge(lanes, pageSize, options)) {
    if (!(await matches(tuples, filter, stored))) continue
    yield stored
    if (--left <= 0) return
  }
}

/** Fetches only when the next checkpoint cannot be told without it. */
async function* merge(
  lanes: readonly Lane[],
  pageSize: number,
  options: CallOptions,
): AsyncGenerator<StoredCheckpoint> {
  const unknown = lanes.filter((lane) => lane.head === undefined)
  await Promise.all(unknown.map(async (lane) => await lane.fetch(pageSize, options)))
  const heap = new LaneHeap()
  for (const lane of lanes) heap.add(lane)
  for (let lane = heap.take(); lane !== undefined; lane = heap.take()) {
    if (lane.isDry) await lane.fetch(pageSize, options)
    const stored = lane.take()
    if (stored !== undefined) yield stored
    if (lane.head === undefined && lane.isDry) await lane.fetch(pageSize, options)
    heap.add(lane)
  }
}

async function openLanes(
  threads: Keyspace,
  reads: CheckpointReads,
  query: ListingQuery,
  options: CallOptions,
): Promise<Lane[]> {
  const { threadId, namespace } = query
  if (threadId !== undefined && namespace !== undefined) {
    return [new Lane(reads, threadId, namespace, boundsOf(query))]
  }
  if (threadId !== undefined) return await openThread(threads, reads, query, threadId, options)
  const lanes: Lane[] = []
  let opening: Promise<Lane[]>[] = []
  for await (const [id] of threads.partitions(options)) {
    if (id !== undefined) opening.push(openThread(threads, reads, query, id, options))
    if (opening.length < THREADS_AT_ONCE) continue
    lanes.push(...(await Promise.all(opening)).flat())
    opening = []
  }
  return [...lanes, ...(await Promise.all(opening)).flat()]
}

/** The namespaces of a thread with the ids of their newest checkpoints; no values are fetched for that. */
async function openThread(
  threads: Keyspace,
  reads: CheckpointReads,
  query: ListingQuery,
  threadId: string,
  options: CallOptions,
): Promise<Lane[]> {
  const thread = threads.partition(threadId)
  const bounds = boundsOf(query)
  const namespaces =
    query.namespace === undefined
      ? (await thread.read([{ type: 'names', prefix: namespacesPrefix }], options))[0].names
      : [query.namespace]
  const heads = await thread.read(
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
    const head = heads[at]?.groups[0]?.element
    return head === undefined ? [] : [new Lane(reads, threadId, namespace, bounds, head)]
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
