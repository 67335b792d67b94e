import { type Keyspace, StorageError } from '@cairnkit/core'
import type { FrameFault } from './record-frame.js'

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
export function storedDataError(place: StoredPlace, fault: FrameFault): StorageError {
  switch (fault) {
    case 'damaged':
      return corruptError(place, 'is damaged')
    case 'misplaced':
      return corruptError(place, 'was stored for another thread')
    case 'newer':
      return new StorageError({
        code: 'format',
        disposition: 'permanent',
        driver: place.driver,
        operation: 'read',
        partition: place.partition,
        reason: `${place.what} has a newer format than this version of @cairnkit/langgraph knows`,
      })
  }
}

export function corruptError(place: StoredPlace, reason: string, cause?: unknown): StorageError {
  return new StorageError({
    code: 'corrupt',
    disposition: 'permanent',
    driver: place.driver,
    operation: 'read',
    partition: place.partition,
    reason: `${place.what} ${reason}`,
    ...(cause === undefined ? {} : { cause }),
  })
}

/** What was thrown while stored data was read. */
export function unreadable(place: StoredPlace, cause: unknown): StorageError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return corruptError(place, `could not be read: ${reason}`, cause)
}
