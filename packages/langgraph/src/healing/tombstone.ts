/**
 * How long the storage remembers that a thread was deleted on purpose, in milliseconds. A process restores a thread that is gone
 * only if its own last acknowledgement is younger than half of this, so that a deletion since then would still be visible.
 */
export const TOMBSTONE_MS = 3_600_000
