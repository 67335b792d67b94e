import { type CallOptions, successor } from '@cairnkit/core'
import type { CheckpointPendingWrite, DeltaChannelHistory } from '@langchain/langgraph-checkpoint'
import type { CheckpointAddress } from '../thread-config.js'
import type { CheckpointReads } from './checkpoint-reads.js'
import { Descent, type HistoryWalk } from './history-walk.js'
import type { StoredCheckpoint } from './stored-checkpoint.js'
import type { Tuples } from './tuples.js'

/** How many ancestors one read fetches. The first one also fetches the checkpoint itself, which costs no ancestor. */
const ANCESTORS_PER_READ = 256

/**
 * What each channel was given since the nearest ancestor that holds a value of it: that value as the seed, and the
 * writes from it on, oldest first. The checkpoint's own writes are pending and do not count.
 *
 * One round trip for 256 checkpoints of an unforked thread; a fork may cost one more where it begins. What the
 * `walk` has been over costs none.
 */
export async function deltaHistory(
  { reads, tuples }: { readonly reads: CheckpointReads; readonly tuples: Tuples },
  address: CheckpointAddress,
  channels: readonly string[],
  options: CallOptions,
  walk?: HistoryWalk,
): Promise<Record<string, DeltaChannelHistory>> {
  const open = new Map(channels.map((channel) => [channel, new ChannelHistory(channel)]))
  const histories = [...open.values()]
  for await (const ancestor of ancestorsOf(reads, address, new Descent(walk), options)) {
    for (const history of [...open.values()]) {
      if (await history.visit(tuples, ancestor)) open.delete(history.channel)
    }
    if (open.size === 0) break
  }
  return Object.fromEntries(histories.map((history) => [history.channel, history.result()]))
}

class ChannelHistory {
  readonly channel: string
  /** Newest ancestor first; within one, in the order of its superstep. */
  readonly #blocks: CheckpointPendingWrite[][] = []
  #seed: { readonly value: unknown } | undefined

  constructor(channel: string) {
    this.channel = channel
  }

  /** Takes what an ancestor contributes; resolves to whether the walk ends there. */
  async visit(tuples: Tuples, ancestor: StoredCheckpoint): Promise<boolean> {
    const writes = ancestor.writes.filter((write) => write.channel === this.channel)
    this.#blocks.push(await tuples.pendingWritesOf(ancestor, writes))
    const valueRef = ancestor.record.manifest.get(this.channel)
    if (valueRef === undefined) return false
    const value = await tuples.channelOf(ancestor, this.channel, valueRef)
    if (value === undefined) return false
    this.#seed = { value }
    return true
  }

  result(): DeltaChannelHistory {
    const writes = this.#blocks.toReversed().flat()
    return this.#seed === undefined ? { writes } : { writes, seed: this.#seed.value }
  }
}

/** The parents of a checkpoint up to the root, nearest first, whatever lies beside the way on other forks. */
async function* ancestorsOf(
  reads: CheckpointReads,
  address: CheckpointAddress,
  way: Descent,
  options: CallOptions,
): AsyncGenerator<StoredCheckpoint> {
  let nextId = (await targetOf(reads, address, way, options))?.record.parentId
  while (nextId !== undefined) {
    if (way.get(nextId) === undefined) {
      await readDown(reads, address, nextId, ANCESTORS_PER_READ, way, options)
    }
    const ancestor = way.get(nextId)
    // A parent that is not stored is where the thread begins, as in every saver.
    if (ancestor === undefined) return
    yield ancestor
    nextId = ancestor.record.parentId
  }
}

/** The checkpoint that is asked for by id, or the latest; most likely with its ancestors, which are wanted next. */
async function targetOf(
  reads: CheckpointReads,
  address: CheckpointAddress,
  way: Descent,
  options: CallOptions,
): Promise<StoredCheckpoint | undefined> {
  const { checkpointId } = address
  const known = checkpointId === undefined ? undefined : way.get(checkpointId)
  if (known !== undefined) return known
  const newest = await readDown(reads, address, checkpointId, ANCESTORS_PER_READ + 1, way, options)
  if (checkpointId !== undefined) return way.get(checkpointId)
  if (newest?.move === undefined) return newest
  const head = { ...address, checkpointId: newest.move.headId }
  return (await targetOf(reads, head, way, options)) ?? newest
}

/** Reads the checkpoints of the namespace from `fromId` down, by id. Resolves to the first of them. */
async function readDown(
  reads: CheckpointReads,
  address: CheckpointAddress,
  fromId: string | undefined,
  limit: number,
  way: Descent,
  options: CallOptions,
): Promise<StoredCheckpoint | undefined> {
  const range = { ...(fromId === undefined ? {} : { until: successor(fromId) }), limit }
  const stored = await reads.read(address.threadId, address.namespace, range, options)
  way.turnTo(stored)
  return stored[0]
}
