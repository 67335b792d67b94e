import type { ObjectId, PartitionId, StorageDriver, Tuple } from '@cairnkit/core/driver'
import type { FaultProxy } from '../faults/fault-proxy.js'

/** What the driver suite asks of whoever runs it. What a storage cannot do is left out, and skipped with the reason. */
export interface StorageDriverHarness {
  /** Shown in the name of the suite. */
  readonly name: string

  /**
   * A new driver, on storage that no other harness uses. Called more than once; the drivers of one harness may share
   * their storage or not. The suite closes them.
   */
  createDriver(): Promise<StorageDriver> | StorageDriver

  /** A new reference driver, to compare with. */
  model(): StorageDriver

  /** Another driver over the data of `first`, as another process would have it. */
  readonly secondDriver?: (first: StorageDriver) => Promise<StorageDriver> | StorageDriver

  /** Lets time pass for the storage of every driver of this harness. Without it the suite waits. */
  readonly advance?: (ms: number) => Promise<void> | void

  /** Reaches behind the driver to damage what it stored. */
  readonly tamper?: StorageTamper

  /**
   * A driver that reaches its storage through a proxy and in no other way, where there is a network between the two.
   * Connecting and each call of it are to end within `timeoutMs` when nothing answers. Called more than once; the suite
   * closes the driver and then the proxy.
   */
  readonly throughProxy?: (timeoutMs: number) => Promise<ProxiedDriver> | ProxiedDriver

  /** Runs after all tests, when the drivers are closed. */
  readonly cleanUp?: () => Promise<void> | void
}

export interface ProxiedDriver {
  readonly driver: StorageDriver
  /**
   * Before every server that the driver sends calls to. Its plan is to be asked about those calls, and about nothing that
   * a client says by itself (greetings, pings).
   */
  readonly proxy: FaultProxy
}

/** Each works on the storage of `driver`, and rejects when it did not find what it was to change. */
export interface StorageTamper {
  /** Removes a stored object. */
  readonly deleteObject?: (driver: StorageDriver, partition: PartitionId, id: ObjectId) => Promise<void>
  /** Changes one of the bytes that are stored for an object, its value kept as long as it is. */
  readonly damageObject?: (driver: StorageDriver, partition: PartitionId, id: ObjectId) => Promise<void>
  /** The same for a record. */
  readonly damageRecord?: (driver: StorageDriver, partition: PartitionId, key: Tuple) => Promise<void>
  /** Marks a record as written by a version of the format that does not exist yet. */
  readonly ageRecord?: (driver: StorageDriver, partition: PartitionId, key: Tuple) => Promise<void>
  /** Stores something that Cairn did not write where the partition would be. */
  readonly occupyPartition?: (driver: StorageDriver, partition: PartitionId) => Promise<void>
}
