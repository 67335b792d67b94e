import {
  type CallOptions,
  type Epoch,
  type Group,
  type GroupsRead,
  type Keyspace,
  type StoredRecord,
  successor,
} from '@cairnkit/core'
import type { CheckpointMetadata } from '@langchain/langgraph-checkpoint'
import type { ObjectCache } from '../engine/objects/object-cache.js'
import type { HeadMove } from '../records/head-move.js'
import { checkpointsPrefix, namespacesPrefix, parseRecordKey } from '../records/keys.js'
import { placeOf } from '../records/stored-data-error.js'
import { decodeCheckpointRecord } from '../records/checkpoint-record.js'
import { type StoredCheckpoint, openGroups } from '../saver/reading/stored-checkpoint.js'
import type { Tuples } from '../saver/reading/tuples.js'
import type { CheckpointOutline, NamespaceOutline, ThreadOutline } from './outline.js'

/** How many checkpoints one read brings; their values stay where they are. */
const PAGE_SIZE = 256

/** Of how many namespaces one read brings checkpoints, and how many of each. */
const NAMESPACES_PER_READ = 32
const PAGE_OF_MANY = 16

/** The first format of checkpoints whose pending sends are in a channel. */
const SENDS_IN_CHANNEL = 4

/** What an outline is read with. */
export interface OutlineTools {
  readonly threads: Keyspace
  readonly tuples: Tuples
  readonly cache: ObjectCache
}

/** An outline, and what came with its first page. */
export interface ReadOutline extends ThreadOutline {
  /** `null`: there is no thread. */
  readonly epoch: Epoch | null
  /** By the clock of the storage. */
  readonly nowMs: number
}

/**
 * Reads what a thread holds, page by page. What is stored meanwhile may be missing. One read where there is one namespace with less
 * than 256 checkpoints.
 */
export async function readOutline(
  tools: OutlineTools,
  threadId: string,
  options: CallOptions = {},
): Promise<ReadOutline> {
  const thread = tools.threads.partition(threadId)
  const [info, time, { names }, root] = await thread.read(
    [
      { type: 'info' },
      { type: 'time' },
      { type: 'names', prefix: namespacesPrefix },
      pageOf('', undefined, PAGE_SIZE),
    ],
    options,
  )
  const readings = names.map((namespace) => new NamespaceReading(tools, threadId, namespace, options))
  await readings.find(({ namespace }) => namespace === '')?.add(root.groups, PAGE_SIZE)
  for (let open = readings; ;) {
    open = open.filter(({ isComplete }) => !isComplete)
    if (open.length === 0) break
    const asked = open.slice(0, NAMESPACES_PER_READ)
    const size = asked.length === 1 ? PAGE_SIZE : PAGE_OF_MANY
    const pages = await thread.read(
      asked.map(({ namespace, after }) => pageOf(namespace, after, size)),
      options,
    )
    for (const [at, reading] of asked.entries()) await reading.add(pages[at]?.groups ?? [], size)
  }
  return {
    epoch: info.epoch,
    nowMs: time.nowMs,
    namespaces: readings.flatMap((reading) => reading.outline ?? []),
  }
}

function pageOf(namespace: string, after: string | undefined, limit: number): GroupsRead {
  const from = after === undefined ? {} : { from: successor(after) }
  return { type: 'groups', prefix: checkpointsPrefix(namespace), orphans: true, limit, ...from }
}

/** What was read of a namespace so far. */
class NamespaceReading {
  readonly namespace: string
  readonly #tools: OutlineTools
  readonly #threadId: string
  readonly #options: CallOptions
  readonly #checkpoints: CheckpointOutline[] = []
  readonly #orphans: string[] = []
  #move: HeadMove | undefined
  /** The last element that was read. */
  after: string | undefined
  isComplete = false

  constructor(tools: OutlineTools, threadId: string, namespace: string, options: CallOptions) {
    this.#tools = tools
    this.#threadId = threadId
    this.namespace = namespace
    this.#options = options
  }

  /** `size`: how many groups were asked for. */
  async add(groups: readonly Group[], size: number): Promise<void> {
    this.isComplete = groups.length < size
    this.after = groups.at(-1)?.element
    const owned = groups.filter(({ record }) => record !== undefined)
    for (const { element, record } of groups) if (record === undefined) this.#orphans.push(element)
    const stored = await openPage(this.#tools, this.#threadId, this.namespace, owned, this.#options)
    for (const [at, each] of stored.entries()) {
      this.#checkpoints.push(await outlineOf(this.#tools, each, owned[at]?.members ?? []))
      this.#move = each.move
    }
  }

  /** `undefined` for a namespace that holds no checkpoint. */
  get outline(): NamespaceOutline | undefined {
    const largest = this.#checkpoints.at(-1)
    if (largest === undefined) return undefined
    const { namespace } = this
    return {
      namespace,
      headId: this.#move?.headId ?? largest.id,
      largestId: largest.id,
      move: this.#move?.element,
      checkpoints: this.#checkpoints,
      orphans: this.#orphans,
    }
  }
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
