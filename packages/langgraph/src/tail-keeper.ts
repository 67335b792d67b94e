import type { Epoch, ObjectId, ObjectMutation } from '@cairnkit/core'
import type { ObjectNode } from './engine/node.js'
import { ownCopy } from './engine/own-copy.js'
import type { SaverContext } from './saver-context.js'
import type { CommitSubject, ThreadWrite } from './thread-commit.js'
import type { ThreadKnowledge } from './thread-memory.js'
import type { TailObject } from './tail-objects.js'

/** Keeps what a commit stored, so that it can be stored again. Nothing of it is the caller's: it is bytes already. */
export function keepTail(
  context: Pick<SaverContext, 'tails' | 'cache'>,
  subject: CommitSubject,
  write: ThreadWrite,
  build: (known: ThreadKnowledge | undefined) => ThreadWrite,
  sent: ReadonlyMap<ObjectId, ObjectMutation>,
  at: { readonly epoch: Epoch; readonly startedAt: number },
): void {
  const { tails } = context
  if (tails === undefined) return
  const below = write.allBelow === undefined ? write.below : write.allBelow()
  const whole = below === undefined ? build(undefined) : write
  const { namespace, checkpointId, checkpoint } = subject
  tails.extend(subject.threadId, at.epoch, (tail) =>
    tail.acknowledge(
      whole.records.map(({ bytes, ...rest }) => ({
        namespace,
        checkpointId,
        checkpoint,
        mutation: { bytes: ownCopy(bytes), ...rest },
      })),
      below ?? whole.allBelow?.() ?? whole.below,
      (node) => objectOf(context, node, sent.get(node.id)),
      { startedAt: at.startedAt, acknowledgedAt: tails.step(), now: tails.now() },
    ),
  )
}

function objectOf(
  { cache }: Pick<SaverContext, 'cache'>,
  node: ObjectNode,
  sent: ObjectMutation | undefined,
): TailObject {
  if (sent === undefined) {
    // What was not sent is mostly in the cache, which knows what it costs without making the bytes again.
    return { node, bytes: cache.get(node.id)?.costBytes ?? node.bytes().length }
  }
  const bytes = ownCopy(sent.bytes)
  return { node: { id: node.id, refs: node.refs, bytes: () => bytes, below: [] }, bytes: bytes.length }
}
