import {
  type ExpireMutation,
  type KeyspaceOptions,
  type StorageDriver,
  processClock,
  systemClock,
} from '@cairnkit/core'
import { JsonPlusSerializer } from '@langchain/langgraph-checkpoint'
import { ObjectCache } from '../engine/objects/object-cache.js'
import { ValueCodec } from '../engine/values/value-codec.js'
import { ThreadExpiry } from '../expiry/thread-expiry.js'
import { KnownThreads } from '../knowledge/known-threads.js'
import { ThreadLeases } from '../lease/thread-leases.js'
import { copyThread } from '../retention/copy-thread.js'
import { type PruneOptions, type PruneReport, pruneThreads } from '../retention/prune-threads.js'
import type { PrunedObserver } from '../retention/pruned-event.js'
import { Removals } from '../retention/removals.js'
import { CheckpointReads } from '../saver/reading/checkpoint-reads.js'
import { Tuples } from '../saver/reading/tuples.js'
import type { ThreadPartitions } from './thread-presence.js'

/** What is done to the checkpoints of a thread. A saver brings its own: it knows its options, and what its process knows. */
export interface ThreadOperations {
  /** What a thread without a time of its own gets; `undefined`: it does not end. */
  readonly renewal: ExpireMutation | undefined
  /** Removes the checkpoints, and tells the directory nothing. */
  drop(threadId: string): Promise<void>
  prune(threadIds: readonly string[], options: PruneOptions): Promise<PruneReport>
  copy(source: string, target: string): Promise<void>
}

/** Operations where no saver is at hand: in a script that keeps house. Checkpoints must have LangGraph's own serializer. */
export function operationsWithoutSaver(
  driver: StorageDriver,
  { threads }: ThreadPartitions,
  keyspace: KeyspaceOptions,
  observer: PrunedObserver | undefined,
): ThreadOperations {
  const serde = new JsonPlusSerializer()
  const knownThreads = new KnownThreads(0)
  const cache = new ObjectCache(0)
  const codec = new ValueCodec(() => serde)
  const reads = new CheckpointReads(threads, knownThreads, cache, undefined)
  const tuples = new Tuples(codec, reads, undefined, () => 1)
  const leases = new ThreadLeases(driver, threads, keyspace, { clock: systemClock, processClock })
  const tools = {
    ...{ threads, tuples, cache, leases, knownThreads, observer },
    healing: undefined,
    removals: new Removals(),
  }
  const drop = async (threadId: string): Promise<void> => {
    await threads.partition(threadId).drop()
  }
  const expiry = new ThreadExpiry(undefined)
  return {
    renewal: undefined,
    drop,
    prune: async (threadIds, options) => await pruneThreads(tools, drop, threadIds, options),
    copy: async (source, target) => {
      await copyThread({ threads, expiry }, source, target)
    },
  }
}
