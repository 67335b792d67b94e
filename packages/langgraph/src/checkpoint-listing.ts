import { type CallOptions, compareTuples, successor } from '@cairnkit/core'
import { type StoredCheckpoint, metadataOf } from './checkpoint-reader.js'
import { equalsJson } from './equals-json.js'
import { checkpointsPrefix, namespacesPrefix } from './keys.js'
import { type IdBounds, Lane, PAGE_SIZE } from './listing-lane.js'
import type { SaverContext } from './saver-context.js'

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

/** How many threads are asked for their newest checkpoints at the same time. */
const THREADS_AT_ONCE = 32

/**
 * The checkpoints that a query names, newest first by id over all threads and namespaces, read page by page. A listing
 * that names a thread and a namespace costs one round trip a page.
 */
export async function* listCheckpoints(
  context: SaverContext,
  query: ListingQuery,
  options: CallOptions,
): AsyncGenerator<StoredCheckpoint> {
  let left = query.limit ?? Number.POSITIVE_INFINITY
  if (left <= 0) return
  const filter = Object.entries(query.filter).filter(([, value]) => value !== undefined)
  const lanes = await openLanes(context, query, options)
  // With a filter it is not known how many checkpoints must be seen.
  const wanted = filter.length === 0 ? left : Number.POSITIVE_INFINITY
  const pageSize = Math.max(1, Math.min(wanted, Math.ceil(PAGE_SIZE / Math.max(1, lanes.length))))
  for await (const stored of merge(lanes, pageSize, options)) {
    if (!(await matches(context, filter, stored))) continue
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
  let open = lanes
  for (;;) {
    const unknown = open.filter((lane) => lane.head === undefined && lane.isDry)
    await Promise.all(unknown.map(async (lane) => await lane.fetch(pageSize, options)))
    open = open.filter((lane) => lane.head !== undefined)
    const next = newest(open)
    if (next === undefined) return
    if (next.isDry) await next.fetch(pageSize, options)
    const stored = next.take()
    if (stored !== undefined) yield stored
    open = open.filter((lane) => lane.head !== undefined || lane.isDry)
  }
}

function newest(lanes: readonly Lane[]): Lane | undefined {
  let found: Lane | undefined
  for (const lane of lanes) {
    if (lane.head === undefined) continue
    if (found?.head === undefined || compareTuples([lane.head], [found.head]) > 0) found = lane
  }
  return found
}

async function openLanes(context: SaverContext, query: ListingQuery, options: CallOptions): Promise<Lane[]> {
  const { threadId, namespace } = query
  if (threadId !== undefined && namespace !== undefined) {
    return [new Lane(context, threadId, namespace, boundsOf(query))]
  }
  if (threadId !== undefined) return await openThread(context, query, threadId, options)
  const lanes: Lane[] = []
  let opening: Promise<Lane[]>[] = []
  for await (const [id] of context.threads.partitions(options)) {
    if (id !== undefined) opening.push(openThread(context, query, id, options))
    if (opening.length < THREADS_AT_ONCE) continue
    lanes.push(...(await Promise.all(opening)).flat())
    opening = []
  }
  return [...lanes, ...(await Promise.all(opening)).flat()]
}

/** The namespaces of a thread with the ids of their newest checkpoints; no values are fetched for that. */
async function openThread(
  context: SaverContext,
  query: ListingQuery,
  threadId: string,
  options: CallOptions,
): Promise<Lane[]> {
  const thread = context.threads.partition(threadId)
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
    return head === undefined ? [] : [new Lane(context, threadId, namespace, bounds, head)]
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
  context: SaverContext,
  filter: readonly (readonly [string, unknown])[],
  stored: StoredCheckpoint,
): Promise<boolean> {
  if (filter.length === 0) return true
  const metadata = (await metadataOf(context, stored)) as Readonly<Record<string, unknown>>
  return filter.every(([key, value]) => Object.hasOwn(metadata, key) && equalsJson(metadata[key], value))
}
