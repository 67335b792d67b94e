import { StorageError } from '@cairnkit/core'
import type { LoggedError } from '../log/entry.js'

export function loggedError(error: unknown): LoggedError {
  if (StorageError.isInstance(error)) {
    const { name, message, code, disposition } = error
    return { name, message, code, disposition }
  }
  const { name, message } = error instanceof Error ? error : { name: typeof error, message: String(error) }
  return { name, message, code: undefined, disposition: undefined }
}
