import { type CallOptions, successor } from '@cairnkit/core'
import type { CheckpointPendingWrite, DeltaChannelHistory } from '@langchain/langgraph-checkpoint'
import { type StoredCheckpoint, channelOf, pendingWritesOf } from './checkpoint-reader.js'
import type { SaverContext } from './saver-context.js'
import type { CheckpointAddress } from './thread-config.js'
import { readCheckpoints } from './thread-read.js'

/** How many ancestors one read fetches. The first one also fetches the checkpoint itself, which costs no ancestor. */
const ANCESTORS_PER_READ = 256

/**
 * What each channel was given since the nearest ancestor that holds a value of it: that value as the seed, and the
 * writes from it on, oldest first. The checkpoint's own writes are pending and do not count.
 *
 * One round trip for 256 checkpoints of an unforked thread; a fork may cost one more where its branch begins.
 */
export async function deltaHistory(
  context: SaverContext,
  address: CheckpointAddress,
  channels: readonly string[],
  options: CallOptions,
): Promise<Record<string, DeltaChannelHistory>> {
  const open = new Map(channels.map((channel) => [channel, new ChannelHistory(channel)]))
  const histories = [...open.values()]
  for await (const ancestor of ancestorsOf(context, address, options)) {
    for (const history of [...open.values()]) {
      if (await history.visit(context, ancestor)) open.delete(history.channel)
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
  async visit(context: SaverContext, ancestor: StoredCheckpoint): Promise<boolean> {
    const writes = ancestor.writes.filter((write) => write.channel === this.channel)
    this.#blocks.push(await pendingWritesOf(context, ancestor, writes))
    const slot = ancestor.record.manifest.get(this.channel)
    if (slot === undefined) return false
    const value = await channelOf(context, ancestor, this.channel, slot)
    if (value === undefined) return false
    this.#seed = { value }
    return true
  }

  result(): DeltaChannelHistory {
    const writes = this.#blocks.toReversed().flat()
    return this.#seed === undefined ? { writes } : { writes, seed: this.#seed.value }
  }
}

/** The parents of a checkpoint up to the root, nearest first, whatever lies beside the way on other branches. */
async function* ancestorsOf(
  context: SaverContext,
  address: CheckpointAddress,
  options: CallOptions,
): AsyncGenerator<StoredCheckpoint> {
  const first = await readDown(context, address, address.checkpointId, ANCESTORS_PER_READ + 1, options)
  // By default the latest; a checkpoint that is asked for by id must be the one that was found.
  const targetId = address.checkpointId ?? first.newestId
  let page = first.page
  let nextId = targetId === undefined ? undefined : page.get(targetId)?.record.parentId
  while (nextId !== undefined) {
    const ancestor = page.get(nextId)
    if (ancestor !== undefined) {
      yield ancestor
      nextId = ancestor.record.parentId
      continue
    }
    page = (await readDown(context, address, nextId, ANCESTORS_PER_READ, options)).page
    // A parent that is not stored is where the thread begins, as in every saver.
    if (!page.has(nextId)) return
  }
}

/** The checkpoints of the namespace from `fromId` down, by id. */
async function readDown(
  context: SaverContext,
  address: CheckpointAddress,
  fromId: string | undefined,
  limit: number,
  options: CallOptions,
): Promise<{ readonly page: ReadonlyMap<string, StoredCheckpoint>; readonly newestId: string | undefined }> {
  const range = { ...(fromId === undefined ? {} : { until: successor(fromId) }), limit }
  const stored = await readCheckpoints(context, address.threadId, address.namespace, range, options)
  return { page: new Map(stored.map((checkpoint) => [checkpoint.id, checkpoint])), newestId: stored[0]?.id }
}
