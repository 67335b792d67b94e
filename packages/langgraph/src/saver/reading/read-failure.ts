import { StorageError } from '@cairnkit/core'
import { DamagedFragment } from '../../engine/fragments/damaged-fragment.js'
import { MissingObject } from '../../engine/objects/object-view.js'
import { UnreadableValue } from '../../engine/values/value-codec.js'
import { type StoredPlace, corruptError, unreadableError } from '../../records/stored-data-error.js'

/** What was thrown while stored data was read. Only what this package says of it is told: anything else may hold a value. */
export function readFailure(place: StoredPlace, cause: unknown): StorageError {
  if (StorageError.isInstance(cause)) return cause
  if (cause instanceof UnreadableValue) return unreadableError(place, cause.message)
  if (cause instanceof DamagedFragment || cause instanceof MissingObject)
    return corruptError(place, `could not be read: ${cause.message}`)
  return corruptError(
    place,
    `could not be read: it led to a ${cause instanceof Error ? cause.name : typeof cause}`,
  )
}
