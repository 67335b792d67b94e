import type { Keyspace } from '@cairnkit/core'
import type { NodeCache } from './engine/node-cache.js'
import type { ValueCodec } from './engine/value-codec.js'
import type { HistoryWalk } from './history-walk.js'
import type { Healing, OnConflict } from './saver-options.js'
import type { SaverObserver } from './saver-observer.js'
import type { StoredPlace } from './stored-data-error.js'
import type { ThreadLeases } from './lease/thread-leases.js'
import type { ThreadMemory } from './thread-memory.js'
import type { ThreadTails } from './thread-tails.js'

/** What the parts of a saver share. */
export interface SaverContext {
  readonly threads: Keyspace
  readonly memory: ThreadMemory
  readonly codec: ValueCodec
  readonly cache: NodeCache
  /** Of the configs of tuples that a listing gave: what the listing has read. */
  readonly walks: WeakMap<object, HistoryWalk>
  readonly onConflict: OnConflict
  readonly healing: Healing
  /** What can be stored again; `undefined` when nothing is to be. */
  readonly tails: ThreadTails | undefined
  readonly leases: ThreadLeases
  readonly observer: SaverObserver | undefined
}

/** The place of a checkpoint, for the messages of errors. */
export function placeOf(
  context: SaverContext,
  threadId: string,
  namespace: string,
  checkpointId: string,
): StoredPlace {
  const where = namespace === '' ? '' : ` in namespace ${JSON.stringify(namespace)}`
  return {
    driver: context.threads.driver.name,
    partition: context.threads.partition(threadId).id,
    what: `checkpoint ${JSON.stringify(checkpointId)}${where} of thread ${JSON.stringify(threadId)}`,
  }
}
