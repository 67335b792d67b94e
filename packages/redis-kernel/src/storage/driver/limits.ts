import type { DriverLimits } from '@cairnkit/core/driver'

const KIB = 1024
const MIB = 1024 * KIB

/** An object with more bytes is split into parts of this size. */
export const MAX_PART_BYTES: number = 256 * KIB

/**
 * How many bytes of records and objects one read script gathers, before it leaves the rest to native commands: about
 * 0.7 ms of the server's time, where native commands take a tenth of it and cost another round trip.
 */
export const CLOSURE_BUDGET_BYTES: number = 512 * KIB

/**
 * A script that writes takes 5 to 9 ms of the server's time per MB, during which nobody else is served: about a second
 * for the largest batch, which also stays far below the server's query buffer of 1 GiB.
 */
export const limits: DriverLimits = Object.freeze({
  maxKeyBytes: 256 * KIB,
  maxValueBytes: 64 * MIB,
  maxBatchBytes: 128 * MIB,
})
