/** A thread had lost what was acknowledged, and it was stored again. */
export interface HealedEvent {
  readonly threadId: string
  /** Of the call that noticed it. */
  readonly namespace: string
  /** How many checkpoints, of all namespaces, were stored again. */
  readonly checkpoints: number
  /** How many pending writes were stored again. */
  readonly writes: number
  /** `tail`: the thread was thrown back. `thread`: it had gone as a whole. */
  readonly lost: 'tail' | 'thread'
}

export interface HealedObserver {
  onHealed?(event: HealedEvent): void
}

/** What an observer throws becomes a process warning and never reaches the caller. */
export function notifyHealed(observer: HealedObserver | undefined, event: HealedEvent): void {
  try {
    observer?.onHealed?.(event)
  } catch (cause) {
    process.emitWarning(
      `A saver observer threw: ${cause instanceof Error ? cause.message : String(cause)}`,
      'CairnWarning',
    )
  }
}
