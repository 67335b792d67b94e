import { type CallOptions, assertKnownOptions } from '@cairnkit/core'
import { assertTtlMs } from '../expiry/ttl.js'
import { droppedFrom } from './keepset.js'
import { type PruneTools, pruneThread } from './prune-thread.js'
import type { PrunedEvent } from './pruned-event.js'
import { readOutline } from './read-outline.js'
import { assertKeepLast } from './retention-options.js'
import { wouldFree } from './would-free.js'

const strategies = ['keep_latest', 'delete'] as const

/** What is removed; the names are LangGraph's. */
export type PruneStrategy = (typeof strategies)[number]

/** What `prune` removes. */
export interface PruneOptions extends CallOptions {
  /** `keep_latest`: all but the newest checkpoints; `delete`: the threads. @default 'keep_latest' */
  readonly strategy?: PruneStrategy
  /** How many of the newest checkpoints of the root graph stay, 1 or more. @default 1 */
  readonly keepLast?: number
  /** What is younger than this stays too, in milliseconds. @default nothing else stays */
  readonly olderThanMs?: number
  /** Whether to tell what would be removed, and to remove nothing. It reads the threads as a whole. @default false */
  readonly dryRun?: boolean
}

/** What was removed of all threads together. */
export interface PruneReport {
  /** How many threads lost something. */
  readonly threads: number
  readonly checkpoints: number
  /** Pending writes. */
  readonly writes: number
  /** Values that nothing refers to any more. */
  readonly objects: number
  /** Their size; `undefined` if the storage did not tell it of a thread, because the values were many. */
  readonly bytes: number | undefined
}

const known: readonly (keyof PruneOptions)[] = [
  'strategy',
  'keepLast',
  'olderThanMs',
  'dryRun',
  'signal',
  'timeoutMs',
]

type Loss = Omit<PrunedEvent, 'threadId'>

/** Prunes threads one after the other. `drop` removes a whole thread. */
export async function pruneThreads(
  tools: PruneTools,
  drop: (threadId: string) => Promise<void>,
  threadIds: readonly string[],
  options: PruneOptions,
): Promise<PruneReport> {
  assertPruneOptions(options)
  let report: PruneReport = { threads: 0, checkpoints: 0, writes: 0, objects: 0, bytes: 0 }
  for (const threadId of new Set(threadIds)) {
    options.signal?.throwIfAborted()
    const loss = await pruneOne(tools, drop, threadId, options)
    if (loss.checkpoints === 0) continue
    report = {
      threads: report.threads + 1,
      checkpoints: report.checkpoints + loss.checkpoints,
      writes: report.writes + loss.writes,
      objects: report.objects + loss.objects,
      bytes: report.bytes === undefined || loss.bytes === undefined ? undefined : report.bytes + loss.bytes,
    }
  }
  return report
}

async function pruneOne(
  tools: PruneTools,
  drop: (threadId: string) => Promise<void>,
  threadId: string,
  options: PruneOptions,
): Promise<Loss> {
  const { strategy = 'keep_latest', keepLast = 1, olderThanMs = 0, dryRun = false, ...call } = options
  if (strategy === 'delete') {
    const loss = await wholeThread(tools, threadId, call)
    if (!dryRun) await drop(threadId)
    return loss
  }
  const choose: Parameters<typeof pruneThread>[2] = (outline, nowMs) =>
    droppedFrom(
      outline,
      (_, { rank, timeMs }) => rank < keepLast || (olderThanMs > 0 && nowMs - timeMs < olderThanMs),
    )
  if (!dryRun) return await pruneThread(tools, threadId, choose, call)
  const partition = tools.threads.partition(threadId)
  const outline = await readOutline(tools, threadId, call)
  const dropped = choose(outline, outline.nowMs)
  if (dropped.length === 0) return { checkpoints: 0, writes: 0, objects: 0, bytes: 0 }
  const goes = new Set(
    dropped.flatMap(({ namespace, ids }) => ids.map((id) => JSON.stringify([namespace, id]))),
  )
  const lost = outline.namespaces.flatMap(({ namespace, checkpoints }) =>
    checkpoints.filter(({ id }) => goes.has(JSON.stringify([namespace, id]))),
  )
  return {
    checkpoints: lost.length,
    writes: lost.reduce((sum, { writes }) => sum + writes, 0),
    ...(await wouldFree(partition, dropped, call)),
  }
}

async function wholeThread(tools: PruneTools, threadId: string, call: CallOptions): Promise<Loss> {
  const { namespaces } = await readOutline(tools, threadId, call)
  const checkpoints = namespaces.flatMap((each) => each.checkpoints)
  const [{ objects }] = await tools.threads
    .partition(threadId)
    .read([{ type: 'range', prefix: [], follow: 'all' }], call)
  return {
    checkpoints: checkpoints.length,
    writes: checkpoints.reduce((sum, { writes }) => sum + writes, 0),
    objects: objects.size,
    bytes: [...objects.values()].reduce((sum, { bytes }) => sum + bytes.length, 0),
  }
}

function assertPruneOptions(options: PruneOptions): void {
  assertKnownOptions('prune', options, known)
  const { strategy = 'keep_latest', keepLast, olderThanMs, dryRun = false } = options
  if (!strategies.includes(strategy)) {
    const expected = strategies.map((each) => JSON.stringify(each)).join(' or ')
    throw new TypeError(`strategy must be ${expected}, got ${JSON.stringify(strategy)}`)
  }
  if (keepLast !== undefined) assertKeepLast('keepLast', keepLast)
  if (olderThanMs !== undefined) assertTtlMs('olderThanMs', olderThanMs)
  if (strategy === 'delete' && (keepLast !== undefined || olderThanMs !== undefined))
    throw new TypeError(`strategy 'delete' removes whole threads, so keepLast and olderThanMs say nothing`)
  if (typeof dryRun !== 'boolean') throw new TypeError(`dryRun must be true or false, got ${String(dryRun)}`)
}
