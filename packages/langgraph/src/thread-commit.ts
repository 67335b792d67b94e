import type {
  Check,
  CommitResult,
  Mutation,
  ObjectId,
  ObjectMutation,
  Partition,
  PartitionCommitOptions,
} from '@cairnkit/core'
import { openNode } from './engine/node-cache.js'
import { type ObjectNode, unframeNode } from './engine/node.js'
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
 * expired, evicted, swept, or thrown back by a failover), nothing is relied on and everything is sent: `build` is asked again, without knowledge.
 *
 * Resolves to what is known afterwards.
 */
export async function commitToThread(
  context: SaverContext,
  threadId: string,
  options: PartitionCommitOptions,
  build: (known: ThreadKnowledge | undefined) => ThreadWrite,
): Promise<ThreadKnowledge> {
  const partition = context.threads.partition(threadId)
  const known = context.memory.recall(threadId)
  const write = build(known)
  const first = await send(context, partition, write, known, options)
  if (first.ok) return remember(context, threadId, first.epoch, write)
  context.memory.forget(threadId)
  const whole = build(undefined)
  const second = await send(context, partition, whole, undefined, options)
  return remember(context, threadId, second.epoch, whole)
}

async function send(
  context: SaverContext,
  partition: Partition,
  write: ThreadWrite,
  known: ThreadKnowledge | undefined,
  options: PartitionCommitOptions,
): Promise<CommitResult> {
  const missing = new Map<ObjectId, ObjectNode>()
  const objects: ObjectMutation[] = []
  for (const node of write.objects) {
    const { id, refs } = node
    if (known?.holds(id) === true || missing.has(id)) continue
    missing.set(id, node)
    objects.push({ type: 'object', id, refs, bytes: node.bytes() })
  }
  const mutations = [...objects, ...write.records]
  const checks = known === undefined ? [] : checksOf(known, mutations, missing)
  const result = await partition.commit({ checks, mutations }, options)
  // What was written is what is read next.
  if (result.ok) for (const object of objects) keep(context, missing.get(object.id) as ObjectNode, object)
  return result
}

/**
 * That the thread is the one that is known, and that what is referred to and not sent is there: a failover can bring back
 * the past of the same thread. What lies below those objects was stored before them, and so is there as well.
 */
function checksOf(
  known: ThreadKnowledge,
  mutations: readonly Mutation[],
  sent: ReadonlyMap<ObjectId, unknown>,
): Check[] {
  const relied = new Set<ObjectId>()
  for (const mutation of mutations) {
    const refs = 'refs' in mutation ? (mutation.refs ?? []) : []
    for (const id of refs) if (!sent.has(id)) relied.add(id)
  }
  const epoch: Check = { type: 'epoch', epoch: known.epoch }
  return relied.size === 0 ? [epoch] : [epoch, { type: 'objects', ids: [...relied] }]
}

function keep(context: SaverContext, node: ObjectNode, { bytes }: ObjectMutation): void {
  const opened = openNode(unframeNode({ bytes, refs: node.refs }), node.id, node.entries)
  if (opened !== undefined) context.cache.set(node.id, opened)
}

function remember(
  context: SaverContext,
  threadId: string,
  epoch: string | null,
  write: ThreadWrite,
): ThreadKnowledge {
  // A commit that stores records leaves a partition behind, and a partition has an epoch.
  if (epoch === null) {
    throw new Error('A driver broke its contract: a commit that wrote records reported no partition')
  }
  const known = context.memory.under(threadId, epoch)
  known.addObjects(write.objects.map((object) => object.id))
  return known
}
