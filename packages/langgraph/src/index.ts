export { CairnSaver } from './saver/cairn-saver.js'
export type { CairnSaverOptions, Healing, OnConflict } from './saver/saver-options.js'
export type { SaverObserver } from './saver/saver-observer.js'
export type { UnreadableEvent } from './saver/reading/unreadable-event.js'
export type { ExpiryOptions, ExpiryRefresh } from './expiry/expiry-options.js'
export type { PruneOptions, PruneReport, PruneStrategy } from './retention/prune-threads.js'
export type { RetentionOptions } from './retention/retention-options.js'
export type { PrunedEvent } from './retention/pruned-event.js'
export type { BackgroundFailure } from './background/background-event.js'
export { CairnThreads } from './threads/cairn-threads.js'
export type {
  CreateThreadOptions,
  ListThreadsOptions,
  SearchThreadsOptions,
  UpdateThreadOptions,
} from './threads/thread-calls.js'
export type { CairnThreadsOptions, ThreadsObserver } from './threads/threads-options.js'
export type { DirectoryEvent } from './threads/directory-event.js'
export type { ReindexProgress } from './threads/reindex.js'
export { type PlatformThread, type Thread, type ThreadStatus, toPlatform } from './threads/thread.js'
export type { ThreadNews } from './threads/thread-news.js'
export type { ThreadPage } from './threads/thread-pages.js'
export type { HealedEvent } from './healing/healed-event.js'
export type { ThreadLease, WithThreadOptions } from './lease/lease-options.js'
export {
  LeaseLostError,
  ParentGoneError,
  LeaseTimeoutError,
  ThreadConflictError,
  ThreadExistsError,
  ThreadNotFoundError,
  type ThreadErrorCode,
} from './thread-errors.js'
export { CairnError, StorageError, type StorageErrorCode } from '@cairnkit/core'
