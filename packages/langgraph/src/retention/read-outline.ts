import { type CallOptions, type Group, type Keyspace, type StoredRecord, successor } from '@cairnkit/core'
import type { CheckpointMetadata } from '@langchain/langgraph-checkpoint'
import type { ObjectCache } from '../engine/objects/object-cache.js'
import { lastMoveOf } from '../records/head-move.js'
import { checkpointsPrefix, namespacesPrefix, parseRecordKey } from '../records/keys.js'
import { placeOf } from '../records/stored-data-error.js'
import { decodeCheckpointRecord } from '../records/checkpoint-record.js'
import { type StoredCheckpoint, openGroups } from '../saver/reading/stored-checkpoint.js'
import type { Tuples } from '../saver/reading/tuples.js'
import type { CheckpointOutline, NamespaceOutline, ThreadOutline } from './outline.js'

/** How many checkpoints one read brings; their values stay where they are. */
const PAGE_SIZE = 256

/** The first format of checkpoints whose pending sends are in a channel. */
const SENDS_IN_CHANNEL = 4

/** What an outline is read with. */
export interface OutlineTools {
  readonly threads: Keyspace
  readonly tuples: Tuples
  readonly cache: ObjectCache
}

/** Reads what a thread holds, page by page. What is stored meanwhile may be missing. */
export async function readOutline(
  tools: OutlineTools,
  threadId: string,
  options: CallOptions = {},
): Promise<ThreadOutline> {
  const [{ names }] = await tools.threads
    .partition(threadId)
    .read([{ type: 'names', prefix: namespacesPrefix }], options)
  const namespaces: NamespaceOutline[] = []
  for (const namespace of names) {
    const outline = await readNamespace(tools, threadId, namespace, options)
    if (outline !== undefined) namespaces.push(outline)
  }
  return { namespaces }
}

/** `undefined` for a namespace that holds no checkpoint. */
async function readNamespace(
  tools: OutlineTools,
  threadId: string,
  namespace: string,
  options: CallOptions,
): Promise<NamespaceOutline | undefined> {
  const checkpoints: CheckpointOutline[] = []
  const orphans: string[] = []
  let move: { readonly element: string; readonly headId: string } | undefined
  let from: string | undefined
  for (;;) {
    const groups = await readPage(tools, threadId, namespace, from, options)
    const owned = groups.filter(({ record }) => record !== undefined)
    for (const { element, record } of groups) if (record === undefined) orphans.push(element)
    const stored = await openPage(tools, threadId, namespace, owned, options)
    for (const [at, each] of stored.entries()) {
      checkpoints.push(await outlineOf(tools, each, owned[at]?.members ?? []))
      move = each.move
    }
    const last = groups.at(-1)
    if (last === undefined || groups.length < PAGE_SIZE) break
    from = successor(last.element)
  }
  const largest = checkpoints.at(-1)
  if (largest === undefined) return undefined
  return {
    namespace,
    headId: move?.headId ?? largest.id,
    largestId: largest.id,
    move: move?.element,
    checkpoints,
    orphans,
  }
}

async function readPage(
  { threads }: OutlineTools,
  threadId: string,
  namespace: string,
  from: string | undefined,
  options: CallOptions,
): Promise<readonly Group[]> {
  const [{ groups }] = await threads.partition(threadId).read(
    [
      {
        type: 'groups',
        prefix: checkpointsPrefix(namespace),
        orphans: true,
        limit: PAGE_SIZE,
        ...(from === undefined ? {} : { from }),
      },
    ],
    options,
  )
  return groups
}

/** The body and the metadata of a checkpoint are in its record, unless they hold messages. */
async function openPage(
  { threads, cache }: OutlineTools,
  threadId: string,
  namespace: string,
  groups: readonly Group[],
  options: CallOptions,
): Promise<StoredCheckpoint[]> {
  const ids = groups.flatMap(({ element, record }) => {
    if (record === undefined) return []
    const { checkpoint, metadata } = decodeCheckpointRecord(
      record,
      placeOf(threads, threadId, namespace, element),
    )
    return [...checkpoint.refs, ...metadata.refs]
  })
  const bare = groups.map(({ members, ...group }) => ({
    ...group,
    members: members.filter(({ key }) => parseRecordKey(key).kind === 'head move'),
  }))
  const [{ objects }] =
    ids.length === 0
      ? [{ objects: new Map() }]
      : await threads.partition(threadId).read([{ type: 'objects', ids, follow: 'all' }], options)
  const opener = { threads, cache, held: new Map() }
  return openGroups(opener, threadId, namespace, { groups: bare, objects })
}

async function outlineOf(
  { tuples }: OutlineTools,
  stored: StoredCheckpoint,
  members: readonly StoredRecord[],
): Promise<CheckpointOutline> {
  const { id, record } = stored
  const [body, metadata] = await Promise.all([tuples.bodyOf(stored), tuples.metadataOf(stored)])
  const channels = new Set(record.manifest.keys())
  return {
    id,
    parentId: record.parentId,
    timeMs: timeOf(body.ts),
    writes: members.filter(({ key }) => parseRecordKey(key).kind === 'write').length,
    rootId: rootIdOf(metadata),
    runId: record.run.get('run_id'),
    unfinished: Object.keys(countersOf(metadata)).filter((channel) => !channels.has(channel)),
    channels,
    needsParent: body.v < SENDS_IN_CHANNEL,
  }
}

/** A time that is none makes a checkpoint old: it goes when the number of checkpoints says so. */
function timeOf(ts: unknown): number {
  const timeMs = typeof ts === 'string' ? Date.parse(ts) : Number.NaN
  return Number.isNaN(timeMs) ? 0 : timeMs
}

function rootIdOf(metadata: CheckpointMetadata): string | undefined {
  const parents: unknown = metadata.parents
  if (typeof parents !== 'object' || parents === null) return undefined
  const rootId: unknown = (parents as Record<string, unknown>)['']
  return typeof rootId === 'string' ? rootId : undefined
}

/** LangGraph counts, for each delta channel, what happened since its value was last stored as a whole. */
function countersOf(metadata: CheckpointMetadata): object {
  const counters: unknown = (metadata as Record<string, unknown>)['counters_since_delta_snapshot']
  return typeof counters === 'object' && counters !== null ? counters : {}
}
