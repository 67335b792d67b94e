import { type CallOptions, type Partition, tellObserver } from '@cairnkit/core'
import { endsPrefix, timeElement } from './directory-keys.js'
import type { PageTools } from './thread-pages.js'

/** How many threads of one shard are looked at in one round. */
const ENDED_PER_ROUND = 100

/**
 * Removes the entries of threads whose time is over. A thread that was renewed since has a later time then. One round trip if no
 * time is over.
 */
export async function removeEnded(tools: PageTools, options: CallOptions): Promise<void> {
  await Promise.all(
    (await tools.directory.shards()).map(async (shard) => await removeEndedOf(tools, shard, options)),
  )
}

async function removeEndedOf(
  { directory, partitions, observer }: PageTools,
  shard: Partition,
  options: CallOptions,
): Promise<void> {
  for (;;) {
    const [{ nowMs }, { records }] = await shard.read(
      [{ type: 'time' }, { type: 'range', prefix: endsPrefix, limit: ENDED_PER_ROUND }],
      options,
    )
    const ended = records.filter(({ key: [, time = ''] }) => time < timeElement(nowMs))
    if (ended.length === 0) return
    const later = new Map<string, number | undefined>()
    for (const { key } of ended) {
      const threadId = key[2]
      if (threadId === undefined) continue
      const presence = await partitions.presenceOf(threadId, options)
      if (presence !== undefined)
        later.set(threadId, presence.leftMs === null ? undefined : presence.nowMs + presence.leftMs)
      else if (await directory.removeGone(threadId, options))
        tellObserver('saver', () => observer?.onExpired?.({ threadId }))
    }
    await directory.change(
      new Map(
        [...later].map(([id, endsAtMs]) => [id, (before) => before && { ...before, endsAtMs }] as const),
      ),
      options,
    )
    if (ended.length < ENDED_PER_ROUND) return
  }
}
