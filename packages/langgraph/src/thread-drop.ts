import type { SaverContext } from './saver-context.js'

/**
 * How long it is remembered that a thread was deleted on purpose. A process restores a thread that is gone only while its
 * own last word on it is younger than half of this, so a deletion since then is still to be seen.
 */
export const TOMBSTONE_MS = 3_600_000

/** How often a deletion under a lease is tried again: after each failure the lease is secured anew. */
const MAX_ATTEMPTS = 4

/** Removes a thread. Within a lease only if that is still held, for otherwise another run may have written since. */
export async function dropThread(context: SaverContext, threadId: string): Promise<void> {
  context.memory.forget(threadId)
  context.tails?.forget(threadId)
  const partition = context.threads.partition(threadId)
  const lease = context.leases.current(threadId)
  const tombstoneMs = context.healing === 'thread' ? TOMBSTONE_MS : null
  if (lease === undefined && tombstoneMs === null) {
    await partition.drop()
    return
  }
  for (let attempt = 1; ; attempt++) {
    lease?.assertHeld()
    const checks = lease === undefined ? [] : [lease.fenceCheck]
    const { ok } = await partition.commit({ checks, mutations: [{ type: 'drop', tombstoneMs }] })
    if (ok) return
    // Without a lease there is no check that could fail.
    if (lease === undefined) return
    if (attempt === MAX_ATTEMPTS) throw lease.lose('the thread was changed by others meanwhile')
    await lease.secure()
  }
}
