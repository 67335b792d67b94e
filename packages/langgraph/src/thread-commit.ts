import type { Mutation } from '@cairnkit/core'
import type { ObjectNode } from './engine/node.js'
import type { SaverContext } from './saver-context.js'
import type { ThreadKnowledge } from './thread-memory.js'

/** What one commit to a thread stores. */
export interface ThreadWrite {
  /** Every object that the records reach, as far as it may be new. Those the thread is known to hold are not sent. */
  readonly objects: readonly ObjectNode[]
  readonly records: readonly Mutation[]
}

/**
 * Commits to a thread, relying on what is known of it. If the thread turns out to be another one by now (deleted,
 * expired, evicted, swept), nothing is relied on and everything is sent: `build` is asked again, without knowledge.
 *
 * Resolves to what is known afterwards.
 */
export async function commitToThread(
  context: SaverContext,
  threadId: string,
  build: (known: ThreadKnowledge | undefined) => ThreadWrite,
): Promise<ThreadKnowledge> {
  const partition = context.threads.partition(threadId)
  const known = context.memory.recall(threadId)
  const write = build(known)
  const result = await partition.commit({
    checks: known === undefined ? [] : [{ type: 'epoch', epoch: known.epoch }],
    mutations: mutationsOf(write, known),
  })
  if (result.ok) return remember(context, threadId, result.epoch, write)
  context.memory.forget(threadId)
  const whole = build(undefined)
  const second = await partition.commit({ mutations: mutationsOf(whole, undefined) })
  return remember(context, threadId, second.epoch, whole)
}

function mutationsOf(write: ThreadWrite, known: ThreadKnowledge | undefined): Mutation[] {
  const missing = new Map(
    write.objects.filter((object) => known?.holds(object.id) !== true).map((object) => [object.id, object]),
  )
  return [
    ...[...missing.values()].map(({ id, refs, bytes }): Mutation => ({
      type: 'object',
      id,
      refs,
      bytes: bytes(),
    })),
    ...write.records,
  ]
}

function remember(
  context: SaverContext,
  threadId: string,
  epoch: string | null,
  write: ThreadWrite,
): ThreadKnowledge {
  // A commit that stores records leaves a partition behind, and a partition has an epoch.
  if (epoch === null)
    throw new Error('A driver broke its contract: a commit that wrote records reported no partition')
  const known = context.memory.under(threadId, epoch)
  known.addObjects(write.objects.map((object) => object.id))
  return known
}
