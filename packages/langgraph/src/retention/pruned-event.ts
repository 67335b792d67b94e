/** What was removed of a thread. */
export interface PrunedEvent {
  readonly threadId: string
  readonly checkpoints: number
  /** Pending writes. */
  readonly writes: number
  /** Values that nothing refers to any more. */
  readonly objects: number
  /** The size of these values; `undefined` if the storage did not tell, because they were many. */
  readonly bytes: number | undefined
}

/** Is told of checkpoints that were removed. */
export interface PrunedObserver {
  onPruned?(event: PrunedEvent): void
}
