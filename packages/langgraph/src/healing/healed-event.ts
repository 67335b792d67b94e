/** A thread had lost acknowledged data, and it was stored again. */
export interface HealedEvent {
  readonly threadId: string
  /** The namespace of the call that found the loss. */
  readonly namespace: string
  /** How many checkpoints, of all namespaces, were stored again. */
  readonly checkpoints: number
  /** How many pending writes were stored again. */
  readonly writes: number
  /** `tail`: the thread had gone back to an older state. `thread`: it was gone as a whole. */
  readonly lost: 'tail' | 'thread'
}

export interface HealedObserver {
  onHealed?(event: HealedEvent): void
}
