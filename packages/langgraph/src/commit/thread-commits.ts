import type { Keyspace, PartitionCommitOptions } from '@cairnkit/core'
import type { ObjectCache } from '../engine/objects/object-cache.js'
import type { KnownThreads } from '../knowledge/known-threads.js'
import type { ThreadLeases } from '../lease/thread-leases.js'
import { threadPlace } from '../records/stored-data-error.js'
import type { Healing } from './healing.js'
import { type CommitTools, ThreadCommit, type Committed } from './thread-commit.js'
import type { Stored, ThreadWrite } from './thread-write.js'

/** Commits to the threads of one saver. */
export class ThreadCommits {
  readonly #threads: Keyspace
  readonly #leases: ThreadLeases
  readonly #shared: {
    readonly knownThreads: KnownThreads
    readonly cache: ObjectCache
    readonly healing: Healing | undefined
    readonly removals: CommitTools['removals']
  }

  constructor(
    threads: Keyspace,
    leases: ThreadLeases,
    shared: {
      readonly knownThreads: KnownThreads
      readonly cache: ObjectCache
      readonly healing: Healing | undefined
      readonly removals: CommitTools['removals']
    },
  ) {
    this.#threads = threads
    this.#leases = leases
    this.#shared = shared
  }

  /**
   * Stores what the call adds, relying on what is known of the thread, under the lease of the code that calls. Throws
   * `ThreadConflictError` for a claim that does not hold, `LeaseLostError` when the lease is over.
   */
  async commit<S extends Stored>(
    write: ThreadWrite<S>,
    options: PartitionCommitOptions,
  ): Promise<Committed<S>> {
    const tools = {
      ...this.#shared,
      partition: this.#threads.partition(write.threadId),
      place: threadPlace(this.#threads, write.threadId),
      lease: this.#leases.current(write.threadId),
    }
    return await new ThreadCommit(tools, write, options).run()
  }
}
