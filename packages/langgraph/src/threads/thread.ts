import type { DirectoryEntry } from './directory-entry.js'
import { valueOf } from './directory-keys.js'
import type { Presence } from './thread-presence.js'

/** What a thread does; the names are LangGraph's. `busy`: a lease on it is held. */
export type ThreadStatus = 'idle' | 'busy' | 'interrupted' | 'error'

/** A thread, as the directory knows it. Times are ISO 8601, by the clock of the storage. */
export interface Thread {
  readonly threadId: string
  /** The same, under the name by which LangGraph's servers ask for it. */
  readonly thread_id: string
  readonly createdAt: string
  readonly updatedAt: string
  /** When its checkpoints changed last; `null`: it has none. */
  readonly stateUpdatedAt: string | null
  /** What it was given, and the indexed keys of its runs. */
  readonly metadata: Readonly<Record<string, unknown>>
  readonly status: ThreadStatus
  /** What `preview` made of its values. */
  readonly preview: string | undefined
  /** What waits for an answer, by the id of the task. */
  readonly interrupts: Readonly<Record<string, readonly unknown[]>>
  /** What its last task failed with. */
  readonly error: string | undefined
  /** The newest checkpoint of the root graph. */
  readonly checkpointId: string | undefined
  /** The time of its own, in milliseconds; `null`: it has none. */
  readonly ttlMs: number | null
  /** When it ends; `null`: it does not. */
  readonly expiresAt: string | null
  readonly isPinned: boolean
}

/** A thread in the form of LangGraph's SDK: its names, and minutes. */
export interface PlatformThread {
  readonly thread_id: string
  readonly created_at: string
  readonly updated_at: string
  readonly state_updated_at: string | null
  readonly metadata: Readonly<Record<string, unknown>>
  readonly status: ThreadStatus
  readonly values: Readonly<Record<string, unknown>>
  readonly interrupts: Readonly<Record<string, readonly unknown[]>>
  readonly error?: string
  readonly ttl?: { readonly strategy: 'delete'; readonly ttl_minutes: number; readonly expires_at: string }
}

const MS_PER_MINUTE = 60_000

/** Gives a thread the names and units of LangGraph's SDK. The preview is `values.preview`. */
export function toPlatform(thread: Thread): PlatformThread {
  const { ttlMs, expiresAt, error } = thread
  return {
    thread_id: thread.threadId,
    created_at: thread.createdAt,
    updated_at: thread.updatedAt,
    state_updated_at: thread.stateUpdatedAt,
    metadata: thread.metadata,
    status: thread.status,
    values: thread.preview === undefined ? {} : { preview: thread.preview },
    interrupts: thread.interrupts,
    ...(error === undefined ? {} : { error }),
    ...(ttlMs === null || expiresAt === null
      ? {}
      : { ttl: { strategy: 'delete', ttl_minutes: ttlMs / MS_PER_MINUTE, expires_at: expiresAt } }),
  }
}

/** As JSON, it has the form of the SDK: so it is what LangGraph's servers send. */
export function threadOf(
  threadId: string,
  entry: DirectoryEntry,
  { nowMs, leftMs, ownTtlMs, isPinned }: Presence,
  isBusy: boolean,
): Thread {
  const tags = entry.indexed.flatMap((key) => {
    const value = valueOf(entry, key)
    return value === undefined ? [] : [[key, value] as const]
  })
  const thread: Thread = {
    threadId,
    thread_id: threadId,
    createdAt: iso(entry.createdAtMs),
    updatedAt: iso(entry.updatedAtMs),
    stateUpdatedAt: entry.stateUpdatedAtMs === undefined ? null : iso(entry.stateUpdatedAtMs),
    metadata: { ...Object.fromEntries(tags), ...entry.metadata },
    status: statusOf(entry, isBusy),
    preview: entry.preview,
    interrupts: entry.waiting?.interrupts ?? {},
    error: entry.failed?.message,
    checkpointId: entry.checkpointId,
    ttlMs: ownTtlMs,
    expiresAt: leftMs === null ? null : iso(nowMs + leftMs),
    isPinned,
  }
  Object.defineProperty(thread, 'toJSON', { value: () => toPlatform(thread) })
  return Object.freeze(thread)
}

function statusOf({ waiting, failed }: DirectoryEntry, isBusy: boolean): ThreadStatus {
  if (isBusy) return 'busy'
  if (waiting !== undefined) return 'interrupted'
  return failed === undefined ? 'idle' : 'error'
}

const MAX_DATE_MS = 8_640_000_000_000_000

function iso(timeMs: number): string {
  return new Date(Math.min(timeMs, MAX_DATE_MS)).toISOString()
}
