/** Work that was done beside the calls of a program, and failed. */
export interface BackgroundFailure {
  /** What it was to do: renew an expiry after a read, remove old checkpoints, or keep the directory of threads. */
  readonly work: 'expiry' | 'retention' | 'directory'
  readonly threadId: string
  /** A `StorageError`, unless it is a fault of Cairn's own. */
  readonly error: unknown
}

/** Is told of failures that no call reports. */
export interface BackgroundObserver {
  /** What was not done is done by the next work of the same kind. */
  onBackgroundFailure?(failure: BackgroundFailure): void
}
