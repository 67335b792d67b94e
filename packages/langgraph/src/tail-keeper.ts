import type { Epoch, ObjectId, ObjectMutation } from '@cairnkit/core'
import type { ObjectNode } from './engine/node.js'
import type { SaverContext } from './saver-context.js'
import type { CommitSubject, ThreadWrite } from './thread-commit.js'
import type { ThreadKnowledge } from './thread-memory.js'
import type { TailSource } from './thread-tail.js'

/** Keeps what a commit stored, so that it can be stored again. Nothing of it is the caller's: it is bytes already. */
export function keepTail(
  context: SaverContext,
  subject: CommitSubject,
  write: ThreadWrite,
  build: (known: ThreadKnowledge | undefined) => ThreadWrite,
  sent: ReadonlyMap<ObjectId, ObjectMutation>,
  at: { readonly epoch: Epoch; readonly startedAt: number },
): void {
  const { tails } = context
  if (tails === undefined) return
  const reached = write.reached === undefined ? write.objects : write.reached()
  const whole = reached === undefined ? build(undefined) : write
  const objects = new Map<ObjectId, TailSource>()
  for (const node of reached ?? whole.reached?.() ?? whole.objects) {
    if (!objects.has(node.id)) objects.set(node.id, sourceOf(context, node, sent.get(node.id)))
  }
  const { namespace, checkpointId, checkpoint } = subject
  tails.extend(subject.threadId, at.epoch, (tail) =>
    tail.acknowledge(
      whole.records.map((mutation) => ({ namespace, checkpointId, checkpoint, mutation })),
      [...objects.values()],
      { startedAt: at.startedAt, acknowledgedAt: tails.step(), now: tails.now() },
    ),
  )
}

function sourceOf(context: SaverContext, node: ObjectNode, sent: ObjectMutation | undefined): TailSource {
  if (sent === undefined) {
    // What was not sent is mostly in the cache, which knows what it costs without making the bytes again.
    return { node, bytes: () => context.cache.get(node.id)?.costBytes ?? node.bytes().length }
  }
  return {
    node: { id: node.id, refs: node.refs, bytes: () => sent.bytes },
    bytes: () => sent.bytes.length,
  }
}
