/** The entry point for code that uses storage: a keyspace over any driver, its errors, its observer. */
export { CairnError, type Disposition } from './cairn-error.js'
export { type Clock, processClock, systemClock } from './clock.js'
export { type Durability, resolveDurability } from './durability.js'
export { Keyspace } from './keyspace.js'
export type { KeyspaceOptions } from './keyspace-options.js'
export {
  type CallEvent,
  type RetryEvent,
  type StorageObserver,
  type UnderReplicatedEvent,
  type WarningEvent,
  tellObserver,
} from './observer.js'
export { Partition, type PartitionCommitOptions } from './partition.js'
export type { RetryPolicy } from './retry.js'
export {
  type Classification,
  StorageError,
  type StorageErrorCode,
  type StorageErrorDetails,
  type StorageOperation,
  storageErrorCodes,
} from './storage-error.js'
export type {
  Acknowledgement,
  Batch,
  Check,
  CommitResult,
  DeleteMutation,
  DeleteRangeMutation,
  ExpireMutation,
  InsertMutation,
  Mutation,
  ObjectMutation,
  PutMutation,
  RemovedObject,
} from './driver/batch.js'
export type { DriverCapabilities, DriverLimits } from './driver/capabilities.js'
export { assertKnownOptions } from './driver/known-options.js'
export { lifetimeIn } from './driver/lifetime.js'
export { type ObjectId, objectId } from './driver/object-id.js'
export type {
  Epoch,
  Follow,
  GetRead,
  Group,
  GroupsRead,
  InfoRead,
  ObjectMap,
  Read,
  ReadResult,
  ResultOf,
  ResultsOf,
  StoredObject,
  StoredRecord,
} from './driver/read.js'
export type {
  CallOptions,
  CommitOptions,
  DurabilityRequest,
  ReadOptions,
  StorageDriver,
  StorageWarning,
} from './driver/storage-driver.js'
export { type Tuple, compareTuples, successor } from './driver/tuple.js'
export { assertMs } from './driver/whole-number.js'
