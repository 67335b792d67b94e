import type { DriverLimits } from '@cairnkit/core/driver'

const KIB = 1024
const MIB = 1024 * KIB

/** An object with more bytes is split into parts of this size. */
export const MAX_PART_BYTES: number = 256 * KIB

/** How many bytes of records and objects one read script gathers, before it leaves the rest to native commands. */
export const CLOSURE_BUDGET_BYTES: number = 512 * KIB

export const limits: DriverLimits = Object.freeze({
  maxKeyBytes: 256 * KIB,
  maxValueBytes: 64 * MIB,
  maxBatchBytes: 128 * MIB,
})
