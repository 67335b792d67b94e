import { StorageError } from '@cairnkit/core'
import { MissingObject } from '../engine/object-view.js'
import { UnloadableValue } from '../engine/value-codec.js'
import { UnreadableNode } from '../engine/value-reader.js'
import { type StoredPlace, corruptError, unreadableError } from '../records/stored-data-error.js'

/** What was thrown while stored data was read. Only what this package says of it is told: anything else may hold a value. */
export function readFailure(place: StoredPlace, cause: unknown): StorageError {
  if (StorageError.isInstance(cause)) return cause
  if (cause instanceof UnloadableValue) return unreadableError(place, cause.message)
  if (cause instanceof UnreadableNode || cause instanceof MissingObject)
    return corruptError(place, `could not be read: ${cause.message}`)
  return corruptError(
    place,
    `could not be read: it led to a ${cause instanceof Error ? cause.name : typeof cause}`,
  )
}
