/** What a saver has stored of a thread: told after it was acknowledged. */
export interface StoredNews {
  readonly threadId: string
  readonly namespace: string
  readonly checkpointId: string
  /** What the run said of itself. */
  readonly run: ReadonlyMap<string, string>
  /** The channel values of the checkpoint. Valid only during the call. */
  readonly values: () => Readonly<Record<string, unknown>> | undefined
  /** Whether the thread was born with it. */
  readonly created: boolean
  /** Until the thread ends; `null`: it does not; `undefined`: that is not known. */
  readonly ttlMs: number | null | undefined
}

/** Which of the special channels of LangGraph was written; `other`: none of them. */
export type WrittenKind = 'interrupt' | 'error' | 'resume' | 'other'

/** Pending writes that a saver has stored. */
export interface WrittenNews {
  readonly threadId: string
  readonly namespace: string
  readonly checkpointId: string
  readonly taskId: string
  readonly kind: WrittenKind
  /** What was written to the special channel. Valid only during the call. */
  readonly values: readonly unknown[]
  readonly created: boolean
  readonly ttlMs: number | null | undefined
}

/**
 * Hears of what happens to threads. `stored` and `written` come after the storage has acknowledged it, return at once and never
 * throw.
 */
export interface ThreadNews {
  /** What of `config.configurable` or `config.metadata` is kept with each checkpoint, besides `run_id` and `user_id`. */
  readonly indexedKeys: readonly string[]
  stored(news: StoredNews): void
  written(news: WrittenNews): void
  /** The thread was removed. Resolves when nothing of it is left in the directory. */
  removed(threadId: string): Promise<void>
}
