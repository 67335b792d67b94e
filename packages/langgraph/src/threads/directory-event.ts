/** What happened to the directory of threads. */
export interface DirectoryEvent {
  /** `written`: after what a saver told; `repaired`: what was missing or wrong; `removed`: of threads that are gone. */
  readonly kind: 'written' | 'repaired' | 'removed'
  /** How many threads. */
  readonly threads: number
}

/** Is told of the directory. */
export interface DirectoryObserver {
  onDirectory?(event: DirectoryEvent): void
  /** The directory met a thread that has ended, or was removed without it. */
  onExpired?(event: { readonly threadId: string }): void
}
