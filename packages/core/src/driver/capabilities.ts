/**
 * What a driver is, as frozen data that callers and suites may ask.
 *
 * Capabilities widen or limit. None of them weakens the contract: every driver is atomic per partition.
 */
export interface DriverCapabilities {
  /** Who sees the same data: this process, every process of this machine, or every machine. */
  readonly sharing: 'process' | 'machine' | 'network'
  /**
   * What a resolved commit has survived by itself: nothing, the death of the process, or whatever the server is
   * configured to survive.
   */
  readonly durability: 'none' | 'disk' | 'server'
  /** Whether `partitions()` works. */
  readonly partitionListing: boolean
  readonly limits: DriverLimits
}

export interface DriverLimits {
  /** The longest encoded key, in bytes. */
  readonly maxKeyBytes: number
  /** The largest single record or object, in bytes, its references included. */
  readonly maxValueBytes: number
  /** The largest sum of all keys and values of one batch, in bytes. */
  readonly maxBatchBytes: number
}
