/**
 * How long it is remembered that a thread was deleted on purpose. A process restores a thread that is gone only while its
 * own last word on it is younger than half of this, so a deletion since then is still to be seen.
 */
export const TOMBSTONE_MS = 3_600_000
