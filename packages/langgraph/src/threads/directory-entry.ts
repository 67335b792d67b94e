import { StorageError } from '@cairnkit/core'

/** What the directory knows of a thread. Times are those of the storage, in milliseconds since 1970. */
export interface DirectoryEntry {
  /** Another one with each write, so that no two writes leave the same bytes. */
  readonly revision: number
  readonly createdAtMs: number
  readonly updatedAtMs: number
  /** When its checkpoints changed last. */
  readonly stateUpdatedAtMs: number | undefined
  /** What `create` and `update` gave it. */
  readonly metadata: Readonly<Record<string, unknown>>
  /** What its runs said of themselves. */
  readonly tags: Readonly<Record<string, string>>
  /** The keys under which it is found, those of all processes that wrote it. */
  readonly indexed: readonly string[]
  readonly preview: string | undefined
  /** The newest checkpoint of the root graph. */
  readonly checkpointId: string | undefined
  /** The interrupts that wait at a checkpoint of the root graph, by task. */
  readonly waiting:
    | { readonly checkpointId: string; readonly interrupts: Readonly<Record<string, readonly unknown[]>> }
    | undefined
  /** What a task failed with at a checkpoint of the root graph. */
  readonly failed: { readonly checkpointId: string; readonly message: string } | undefined
  /** When the thread ends, as it was known last. It may end later: reads and writes renew it. */
  readonly endsAtMs: number | undefined
}

/** The largest format that is read. */
const FORMAT_VERSION = 1

export function encodeEntry(entry: DirectoryEntry): Uint8Array {
  return Buffer.from(JSON.stringify({ v: FORMAT_VERSION, ...entry }), 'utf8')
}

/** `place`: where it was read, for the message of the error. Throws a `StorageError` with code `corrupt` or `format`. */
export function decodeEntry(
  bytes: Uint8Array,
  place: { readonly driver: string; readonly partition: string; readonly threadId: string },
): DirectoryEntry {
  const { driver, partition, threadId } = place
  const fail = (code: 'corrupt' | 'format', reason: string): StorageError =>
    new StorageError({
      ...{ code, disposition: 'permanent', driver, operation: 'read', partition },
      reason: `the directory entry of thread ${JSON.stringify(threadId)} ${reason}`,
    })
  const stored = parsed(bytes)
  if (stored === undefined || typeof stored['v'] !== 'number')
    throw fail('corrupt', 'is damaged; threads.delete or threads.reindex writes it anew')
  if (stored['v'] > FORMAT_VERSION)
    throw fail('format', 'has a newer format than this version of @cairnkit/langgraph knows')
  const { v: _, ...entry } = stored
  if (!isEntry(entry)) throw fail('corrupt', 'is damaged; threads.delete or threads.reindex writes it anew')
  return {
    ...entry,
    stateUpdatedAtMs: entry.stateUpdatedAtMs,
    preview: entry.preview,
    checkpointId: entry.checkpointId,
    waiting: entry.waiting,
    failed: entry.failed,
    endsAtMs: entry.endsAtMs,
  }
}

function parsed(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    return isObject(value) ? value : undefined
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}

function isEntry(entry: object): entry is DirectoryEntry {
  const { revision, createdAtMs, updatedAtMs, metadata, tags, indexed } = entry as Partial<
    Record<keyof DirectoryEntry, unknown>
  >
  return (
    [revision, createdAtMs, updatedAtMs].every((value) => Number.isSafeInteger(value)) &&
    isObject(metadata) &&
    isObject(tags) &&
    Array.isArray(indexed) &&
    indexed.every((key) => typeof key === 'string')
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
