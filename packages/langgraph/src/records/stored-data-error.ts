import { type Keyspace, StorageError, type StorageErrorCode } from '@cairnkit/core'
import type { EnvelopeFault } from './record-envelope.js'

/** Where something was read from, for the message of an error. */
export interface StoredPlace {
  readonly driver: string
  readonly partition: string
  /** For example `checkpoint "1ef…" of thread "user-42"`. */
  readonly what: string
}

/** The place of a thread. */
export function threadPlace(threads: Keyspace, threadId: string): StoredPlace {
  return {
    driver: threads.driver.name,
    partition: threads.partition(threadId).id,
    what: `thread ${JSON.stringify(threadId)}`,
  }
}

/** The place of a checkpoint. */
export function placeOf(
  threads: Keyspace,
  threadId: string,
  namespace: string,
  checkpointId: string,
): StoredPlace {
  const where = namespace === '' ? '' : ` in namespace ${JSON.stringify(namespace)}`
  return partOf(threadPlace(threads, threadId), `checkpoint ${JSON.stringify(checkpointId)}${where}`)
}

/** A part of a place, for example one channel of a checkpoint. */
export function partOf(place: StoredPlace, part: string): StoredPlace {
  return { ...place, what: `${part} of ${place.what}` }
}

/** Stored data that is there and cannot be used: never an empty thread, never a silently missing channel. */
export function storedDataError(place: StoredPlace, fault: EnvelopeFault): StorageError {
  switch (fault) {
    case 'damaged':
      return corruptError(place, 'is damaged')
    case 'misplaced':
      return corruptError(place, 'was stored for another thread')
    case 'newer':
      return permanent('format', place, 'has a newer format than this version of @cairnkit/langgraph knows')
  }
}

export function corruptError(place: StoredPlace, reason: string): StorageError {
  return permanent('corrupt', place, reason)
}

/** A value whose bytes are as they were written, and that cannot be made again. */
export function unreadableError(place: StoredPlace, reason: string): StorageError {
  return permanent('unreadable', place, `cannot be made again: ${reason}`)
}

function permanent(code: StorageErrorCode, place: StoredPlace, reason: string): StorageError {
  const { driver, partition, what } = place
  return new StorageError({
    ...{ code, disposition: 'permanent', driver, operation: 'read', partition },
    reason: `${what} ${reason}`,
  })
}
