/**
 * The properties of a driver, as frozen data for callers and suites.
 *
 * No capability weakens the contract: every driver is atomic per partition.
 */
export interface DriverCapabilities {
  /** Who sees the same data: this process, every process of this machine, or every machine. */
  readonly sharing: 'process' | 'machine' | 'network'
  /**
   * What a resolved commit survives: nothing (`none`), the death of the process (`disk`), or what the server is configured to
   * survive (`server`).
   */
  readonly durability: 'none' | 'disk' | 'server'
  /** Whether `partitions()` works. */
  readonly partitionListing: boolean
  readonly limits: DriverLimits
}

/** The sizes above which a driver refuses data with code `limit`. */
export interface DriverLimits {
  /** The longest encoded key, in bytes. */
  readonly maxKeyBytes: number
  /** The largest single record or object, in bytes, its references included. */
  readonly maxValueBytes: number
  /** The largest sum of all keys and values of one batch, in bytes. */
  readonly maxBatchBytes: number
}
