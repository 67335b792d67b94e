import type { DriverLimits } from '@cairnkit/core/driver'
import type { StagingLimits } from '../commit/staging.js'
import type { ReadLimits } from '../read/partition-reader.js'

const KIB = 1024
const MIB = 1024 * KIB

/**
 * A script that writes takes 3 to 9 ms of the server's time per MB, during which nobody else is served; a plain command
 * that adds a part takes a tenth of that, and others are served between two of them. A mutation takes some 7 µs.
 */
export const staging: StagingLimits = Object.freeze({
  maxPartBytes: 256 * KIB,
  maxScriptBytes: 512 * KIB,
  maxScriptMutations: 500,
  minStagedBytes: 4 * KIB,
  // More than any call takes, and than the clocks of two machines differ by.
  abandonedAfterMs: 15 * 60_000,
})

/**
 * A script gives about a megabyte per millisecond, native commands take a tenth of the server's time and cost another
 * round trip. A server runs all that a connection has sent before it turns to another one.
 */
export const reading: ReadLimits = Object.freeze({ budgetBytes: 512 * KIB, maxInFlight: 8 })

export const limits: DriverLimits = Object.freeze({
  maxKeyBytes: 256 * KIB,
  maxValueBytes: 64 * MIB,
  maxBatchBytes: 128 * MIB,
})
