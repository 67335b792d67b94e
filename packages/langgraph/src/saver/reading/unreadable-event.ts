import type { StorageError } from '@cairnkit/core'

/** A tuple was handed out with a value that cannot be made again. The stored value stays as it is. */
export interface UnreadableEvent {
  readonly threadId: string
  readonly namespace: string
  readonly checkpointId: string
  readonly channel: string
  /** Of a pending write; `undefined`: it is the value of the channel itself. */
  readonly taskId: string | undefined
  /** What whoever reads the value gets. Says why it cannot be made. */
  readonly error: StorageError
}

export interface UnreadableObserver {
  onUnreadable?(event: UnreadableEvent): void
}
