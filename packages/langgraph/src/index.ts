export { CairnSaver } from './cairn-saver.js'
export type { CairnSaverOptions, Healing, OnConflict } from './saver-options.js'
export type { HealedEvent, SaverObserver } from './saver-observer.js'
export type { ThreadLease, WithThreadOptions } from './lease/lease-options.js'
export {
  LeaseLostError,
  LeaseTimeoutError,
  ThreadConflictError,
  type ThreadErrorCode,
} from './thread-errors.js'
export { StorageError, type StorageErrorCode } from '@cairnkit/core'
