import type { Keyspace } from '@cairnkit/core'
import type { Healing } from '../commit/healing.js'
import type { KnownThreads } from '../knowledge/known-threads.js'
import type { ThreadLeases } from '../lease/thread-leases.js'
import { namespacesPrefix } from '../records/keys.js'

/** How often a deletion under a lease is tried again: after each failure the fence is set anew. */
const MAX_ATTEMPTS = 4

/** What a deletion works with. */
export interface DropTools {
  readonly threads: Keyspace
  readonly leases: ThreadLeases
  readonly knownThreads: KnownThreads
  readonly healing: Healing | undefined
  /** How long the storage is to remember that a thread was deleted; `null`: not at all. */
  readonly tombstoneMs: number | null
}

/** Removes a thread. Within a lease only if that is still held, for otherwise another run may have written since. */
export async function dropThread(
  { threads, leases, knownThreads, healing, tombstoneMs }: DropTools,
  threadId: string,
): Promise<void> {
  knownThreads.forget(threadId)
  healing?.forget(threadId)
  const partition = threads.partition(threadId)
  const lease = leases.current(threadId)
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
    await lease.ensureFence()
  }
}

/** Removes what is left of a thread without checkpoints. Resolves to whether there was none at the instant of the commit. */
export async function dropEmptied(
  { threads, knownThreads, healing, tombstoneMs }: DropTools,
  threadId: string,
): Promise<boolean> {
  const { ok } = await threads.partition(threadId).commit({
    checks: [{ type: 'last', prefix: namespacesPrefix, key: null }],
    mutations: [{ type: 'drop', tombstoneMs }],
  })
  if (!ok) return false
  knownThreads.forget(threadId)
  healing?.forget(threadId)
  return true
}
