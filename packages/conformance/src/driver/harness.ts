import type { ObjectId, PartitionId, StorageDriver, Tuple } from '@cairnkit/core/driver'
import type { FaultProxy } from '../faults/fault-proxy.js'

/**
 * Gives the driver suite access to the driver under test. Leave out a member that the storage cannot support; its tests are
 * skipped with a reason.
 */
export interface StorageDriverHarness {
  /** Appears in the name of the suite. */
  readonly name: string

  /**
   * Creates a driver on storage that no other harness uses. It is called several times; the drivers of one harness may share
   * their storage or not. The suite closes them.
   */
  createDriver(): Promise<StorageDriver> | StorageDriver

  /** Creates a reference driver to compare with. */
  model(): StorageDriver

  /** Creates another driver on the data of `first`, as another process would. */
  readonly secondDriver?: (first: StorageDriver) => Promise<StorageDriver> | StorageDriver

  /** Lets `ms` milliseconds pass for the storage of every driver of this harness. Without it the suite waits. */
  readonly advance?: (ms: number) => Promise<void> | void

  /** Damages stored data behind the driver's back. */
  readonly tamper?: StorageTamper

  /**
   * Creates a driver that reaches its storage only through a proxy, if there is a network between the two. When nothing
   * answers, connecting and each call must end within `timeoutMs`. It is called several times; the suite closes the driver and
   * then the proxy.
   */
  readonly throughProxy?: (timeoutMs: number) => Promise<ProxiedDriver> | ProxiedDriver

  /** Runs after all tests, when the drivers are closed. */
  readonly cleanUp?: () => Promise<void> | void
}

/** A driver with the proxy in front of its servers. */
export interface ProxiedDriver {
  readonly driver: StorageDriver
  /**
   * The proxy in front of every server to which the driver sends calls. Its plan must be asked about these calls only, and not
   * about what a client sends by itself (greetings, PINGs).
   */
  readonly proxy: FaultProxy
}

/** Ways to damage stored data. Each works on the storage of `driver`, and rejects if it does not find its target. */
export interface StorageTamper {
  /** Removes a stored object. */
  readonly deleteObject?: (driver: StorageDriver, partition: PartitionId, id: ObjectId) => Promise<void>
  /** Changes one stored byte of an object, without changing the length. */
  readonly damageObject?: (driver: StorageDriver, partition: PartitionId, id: ObjectId) => Promise<void>
  /** Changes one stored byte of a record, without changing the length. */
  readonly damageRecord?: (driver: StorageDriver, partition: PartitionId, key: Tuple) => Promise<void>
  /** Marks a record as written in a format version that does not exist yet. */
  readonly ageRecord?: (driver: StorageDriver, partition: PartitionId, key: Tuple) => Promise<void>
  /** Stores something that Cairn did not write in the place of the partition. */
  readonly occupyPartition?: (driver: StorageDriver, partition: PartitionId) => Promise<void>
}
