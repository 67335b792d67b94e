export { CairnSaver } from './saver/cairn-saver.js'
export type { CairnSaverOptions, Healing, OnConflict } from './saver/saver-options.js'
export type { SaverObserver } from './saver/saver-observer.js'
export type { UnreadableEvent } from './saver/reading/unreadable-event.js'
export type { ExpiryOptions, ExpiryRefresh } from './expiry/expiry-options.js'
export type { PruneOptions, PruneReport, PruneStrategy } from './retention/prune-threads.js'
export type { RetentionOptions } from './retention/retention-options.js'
export type { PrunedEvent } from './retention/pruned-event.js'
export type { BackgroundFailure } from './background/background-event.js'
export type { HealedEvent } from './healing/healed-event.js'
export type { ThreadLease, WithThreadOptions } from './lease/lease-options.js'
export {
  LeaseLostError,
  ParentGoneError,
  LeaseTimeoutError,
  ThreadConflictError,
  ThreadExistsError,
  type ThreadErrorCode,
} from './thread-errors.js'
export { CairnError, StorageError, type StorageErrorCode } from '@cairnkit/core'
