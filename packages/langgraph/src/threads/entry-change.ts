import type { DirectoryEntry } from './directory-entry.js'

/** What the saver has told of a thread since its entry was written last. */
export interface EntryNews {
  /** How long ago it was told last, in milliseconds. */
  readonly ageMs: number
  /** How long ago the thread was born, if it was. */
  readonly bornMsAgo: number | undefined
  readonly tags: Readonly<Record<string, string>>
  readonly preview: string | undefined
  readonly checkpointId: string | undefined
  readonly waiting: DirectoryEntry['waiting']
  readonly failed: DirectoryEntry['failed']
  /** As of the last news; `undefined`: it is not known. */
  readonly ttlMs: number | null | undefined
}

export function emptyEntry(nowMs: number): DirectoryEntry {
  return {
    revision: 0,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    stateUpdatedAtMs: undefined,
    metadata: {},
    tags: {},
    indexed: [],
    preview: undefined,
    checkpointId: undefined,
    waiting: undefined,
    failed: undefined,
    endsAtMs: undefined,
  }
}

/**
 * The entry after news of the saver, which may be told twice and in any order with those of other processes: times only grow, the
 * larger checkpoint counts, and what waits at a checkpoint is over with a larger one.
 */
export function afterNews(
  before: DirectoryEntry | undefined,
  news: EntryNews,
  indexedKeys: readonly string[],
  nowMs: number,
): DirectoryEntry {
  const atMs = Math.max(0, Math.floor(nowMs - news.ageMs))
  const bornAtMs = news.bornMsAgo === undefined ? undefined : Math.max(0, Math.floor(nowMs - news.bornMsAgo))
  // What was written before the thread was born tells of an earlier one of this name.
  const isLeftOver = before !== undefined && bornAtMs !== undefined && before.updatedAtMs < bornAtMs
  const base = before === undefined || isLeftOver ? emptyEntry(bornAtMs ?? atMs) : before
  const checkpointId = larger(base.checkpointId, news.checkpointId)
  const isNewest = news.checkpointId === checkpointId
  const updatedAtMs = Math.max(base.updatedAtMs, atMs)
  return {
    ...base,
    updatedAtMs,
    stateUpdatedAtMs: Math.max(base.stateUpdatedAtMs ?? 0, atMs),
    tags: { ...base.tags, ...news.tags },
    indexed: union(base.indexed, indexedKeys),
    preview: isNewest ? (news.preview ?? base.preview) : (base.preview ?? news.preview),
    checkpointId,
    waiting: stillAt(checkpointId, bothWaiting(base.waiting, news.waiting)),
    failed: stillAt(checkpointId, newer(base.failed, news.failed)),
    endsAtMs: news.ttlMs === undefined ? base.endsAtMs : news.ttlMs === null ? undefined : atMs + news.ttlMs,
  }
}

/** The keys under which a thread is found: those of other processes stay. */
export function union(left: readonly string[], right: readonly string[]): readonly string[] {
  return [...new Set([...left, ...right])]
}

function larger(left: string | undefined, right: string | undefined): string | undefined {
  if (left === undefined || right === undefined) return left ?? right
  return left < right ? right : left
}

interface AtCheckpoint {
  readonly checkpointId: string
}

function newer<T extends AtCheckpoint>(left: T | undefined, right: T | undefined): T | undefined {
  if (left === undefined || right === undefined) return left ?? right
  return right.checkpointId < left.checkpointId ? left : right
}

/** LangGraph may store what waits at a checkpoint before the checkpoint itself. */
function stillAt<T extends AtCheckpoint>(checkpointId: string | undefined, at: T | undefined): T | undefined {
  return at === undefined || (checkpointId !== undefined && at.checkpointId < checkpointId) ? undefined : at
}

export function bothWaiting(
  left: DirectoryEntry['waiting'],
  right: DirectoryEntry['waiting'],
): DirectoryEntry['waiting'] {
  if (left?.checkpointId !== right?.checkpointId || left === undefined || right === undefined)
    return newer(left, right)
  return { ...right, interrupts: { ...left.interrupts, ...right.interrupts } }
}

/** News of one thread that came after each other, as one. */
export function bothNews(first: EntryNews, second: EntryNews): EntryNews {
  return {
    ageMs: Math.min(first.ageMs, second.ageMs),
    bornMsAgo: second.bornMsAgo ?? first.bornMsAgo,
    tags: { ...first.tags, ...second.tags },
    preview: second.preview ?? first.preview,
    checkpointId: larger(first.checkpointId, second.checkpointId),
    waiting: bothWaiting(first.waiting, second.waiting),
    failed: newer(first.failed, second.failed),
    ttlMs: second.ttlMs === undefined ? first.ttlMs : second.ttlMs,
  }
}
