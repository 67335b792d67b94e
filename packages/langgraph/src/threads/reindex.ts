import { type CallOptions, tellObserver } from '@cairnkit/core'
import { ERROR, INTERRUPT } from '@langchain/langgraph-checkpoint'
import { decodeCheckpointRecord } from '../records/checkpoint-record.js'
import { checkpointsPrefix, parseRecordKey } from '../records/keys.js'
import { placeOf } from '../records/stored-data-error.js'
import { decodeWriteRecord } from '../records/write-record.js'
import { type DirectoryEntry } from './directory-entry.js'
import { entriesPrefix } from './directory-keys.js'
import { emptyEntry, union } from './entry-change.js'
import type { PageTools } from './thread-pages.js'
import { timeOfId } from './time-of-id.js'

/** How far a reindex is. */
export interface ReindexProgress {
  /** How many threads were looked at. */
  readonly threads: number
  /** How many entries were written. */
  readonly written: number
  /** How many entries of threads that are gone were removed. */
  readonly removed: number
}

/** How many threads are looked at together. */
const THREADS_AT_ONCE = 32

/**
 * Writes the entry of each thread that is stored, and removes those of threads that are not. It looks at the whole database, so use it
 * for maintenance: after `index` has changed, or where savers without a directory have written.
 */
export async function reindex(
  tools: PageTools,
  indexedKeys: readonly string[],
  {
    onProgress,
    ...options
  }: CallOptions & { readonly onProgress?: ((progress: ReindexProgress) => void) | undefined },
): Promise<ReindexProgress> {
  let progress: ReindexProgress = { threads: 0, written: 0, removed: 0 }
  const advance = (by: Partial<ReindexProgress>): void => {
    progress = {
      threads: progress.threads + (by.threads ?? 0),
      written: progress.written + (by.written ?? 0),
      removed: progress.removed + (by.removed ?? 0),
    }
    onProgress?.(progress)
  }
  let batch: string[] = []
  const writeBatch = async (): Promise<void> => {
    const ids = batch
    batch = []
    const read = await Promise.all(
      ids.map(async (id) => [id, await readFacts(tools, id, indexedKeys, options)] as const),
    )
    const changes = new Map(
      read.flatMap(([id, change]) => (change === undefined ? [] : [[id, change] as const])),
    )
    await tools.directory.change(changes, options)
    advance({ threads: ids.length, written: changes.size })
  }
  for await (const [threadId] of tools.partitions.threads.partitions(options)) {
    options.signal?.throwIfAborted()
    if (threadId === undefined) continue
    batch.push(threadId)
    if (batch.length >= THREADS_AT_ONCE) await writeBatch()
  }
  if (batch.length > 0) await writeBatch()
  for (const shard of await tools.directory.shards()) {
    let from: string | undefined
    for (;;) {
      const [{ names }] = await shard.read(
        [
          {
            type: 'names',
            prefix: entriesPrefix,
            ...(from === undefined ? {} : { from }),
            limit: THREADS_AT_ONCE,
          },
        ],
        options,
      )
      const removed = await Promise.all(
        names.map(async (id) => await tools.directory.removeGone(id, options)),
      )
      if (removed.includes(true)) advance({ removed: removed.filter(Boolean).length })
      if (names.length < THREADS_AT_ONCE) break
      from = `${names.at(-1) ?? ''}\0`
    }
  }
  tellObserver('saver', () => tools.observer?.onDirectory?.({ kind: 'repaired', threads: progress.written }))
  return progress
}

async function readFacts(
  { partitions }: PageTools,
  threadId: string,
  indexedKeys: readonly string[],
  options: CallOptions,
): Promise<((before: DirectoryEntry | undefined, nowMs: number) => DirectoryEntry) | undefined> {
  const presence = await partitions.presenceOf(threadId, options)
  if (presence === undefined) return undefined
  const prefix = checkpointsPrefix('')
  const [oldest, newest] = await partitions.threads.partition(threadId).read(
    [
      { type: 'names', prefix, limit: 1 },
      { type: 'groups', prefix, limit: 1, reverse: true },
    ],
    options,
  )
  const [head] = newest.groups
  const record =
    head?.record &&
    decodeCheckpointRecord(head.record, placeOf(partitions.threads, threadId, '', head.element))
  const channels = new Map<string, string>()
  for (const member of head?.members ?? []) {
    if (head === undefined || parseRecordKey(member.key).kind !== 'write') continue
    const write = decodeWriteRecord(member, placeOf(partitions.threads, threadId, '', head.element))
    channels.set(write.channel, write.taskId)
  }
  const [waits, failed] = [channels.get(INTERRUPT), channels.get(ERROR)]
  return (before, nowMs) => {
    const createdAtMs = timeOfId(oldest.names[0]) ?? before?.createdAtMs ?? nowMs
    const updatedAtMs = timeOfId(head?.element) ?? nowMs
    const base = before ?? { ...emptyEntry(createdAtMs), updatedAtMs: Math.max(createdAtMs, updatedAtMs) }
    return {
      ...base,
      stateUpdatedAtMs: base.stateUpdatedAtMs ?? (head === undefined ? undefined : updatedAtMs),
      tags: {
        ...base.tags,
        ...Object.fromEntries([...(record?.run ?? [])].filter(([key]) => key !== 'run_id')),
      },
      indexed: union(base.indexed, indexedKeys),
      checkpointId: head?.element ?? base.checkpointId,
      waiting:
        head === undefined || waits === undefined
          ? undefined
          : base.waiting?.checkpointId === head.element
            ? base.waiting
            : { checkpointId: head.element, interrupts: { [waits]: [] } },
      failed:
        head === undefined || failed === undefined
          ? undefined
          : (base.failed ?? { checkpointId: head.element, message: 'a task failed' }),
      endsAtMs: presence.leftMs === null ? undefined : presence.nowMs + presence.leftMs,
    }
  }
}
