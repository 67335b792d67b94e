import {
  type Batch,
  type Check,
  type CommitResult,
  type Epoch,
  type InsertMutation,
  type ObjectId,
  type ObjectMutation,
  type Partition,
  type PartitionCommitOptions,
  type PutMutation,
  StorageError,
} from '@cairnkit/core'
import { openNode } from './engine/node-cache.js'
import { type ObjectNode, unframeNode, unknownOf } from './engine/node.js'
import { type HeadClaim, claimCheck, judgeClaim } from './head-claim.js'
import { type Restoration, restoreTail, restoreThread } from './restoration.js'
import type { SaverContext } from './saver-context.js'
import { notifyHealed } from './saver-observer.js'
import type { ThreadKnowledge } from './thread-memory.js'
import { TOMBSTONE_MS } from './thread-drop.js'
import { keepTail } from './tail-keeper.js'

/** What one commit to a thread stores. */
export interface ThreadWrite {
  /** What the records refer to, as far as it may be new. What the thread is known to hold is not sent. */
  readonly below: readonly ObjectNode[]
  /**
   * All that the records refer to, if that is more. Gives `undefined` when it is not all at hand: then only what `build`
   * gives without knowledge is whole.
   */
  readonly allBelow?: () => readonly ObjectNode[] | undefined
  readonly records: readonly (PutMutation | InsertMutation)[]
}

/** What a commit is about, beyond what it stores. */
export interface CommitSubject {
  readonly threadId: string
  readonly namespace: string
  readonly checkpointId: string
  /** Only of the put of a checkpoint. */
  readonly checkpoint?: { readonly parentId: string | undefined }
  readonly claim?: HeadClaim | undefined
}

/** Why a check is made, and so what its failure means. The first one that failed decides. */
type Reason = 'lease' | 'epoch' | 'lost' | 'restoration' | 'claim'

interface Guard {
  readonly reason: Reason
  readonly check: Check
}

/** What the next attempt relies on. */
interface Plan {
  readonly known: ThreadKnowledge | undefined
  readonly write: ThreadWrite
  readonly claim: Check | undefined
  readonly restoration: Restoration | undefined
}

/** Each failure changes the plan; a thread that changes at every single attempt is in other hands. */
const MAX_ATTEMPTS = 8

/**
 * Commits to a thread, relying on what is known of it. If the thread turns out to be another one by now (deleted,
 * expired, evicted, swept), nothing is relied on and everything is sent: `build` is asked again, without knowledge. If it
 * is the same one and was thrown back, what it lost is stored again with it.
 *
 * Resolves to what is known afterwards. Throws `ThreadConflictError` for a claim that does not hold, `LeaseLostError` when
 * the lease is over under which this was called.
 */
export async function commitToThread(
  context: SaverContext,
  subject: CommitSubject,
  options: PartitionCommitOptions,
  build: (known: ThreadKnowledge | undefined) => ThreadWrite,
): Promise<ThreadKnowledge> {
  const { threadId, claim } = subject
  const partition = context.threads.partition(threadId)
  const lease = context.leases.current(threadId)
  // What the process learns of a thread that is being stored again, it learns with the tail of it.
  if (context.tails?.isRestoring(threadId) === true) await context.tails.restored(threadId)
  const known = context.memory.recall(threadId)
  let plan: Plan = {
    known,
    write: build(known),
    claim: claim && claimCheck(claim),
    restoration: undefined,
  }
  // A lease that is secured anew gives birth to a thread that was gone.
  let wasGone = false
  for (let attempt = 1; ; attempt++) {
    lease?.assertHeld()
    const epoch = epochOf(context, threadId, plan)
    const guards = guardsOf(context, threadId, plan, epoch, lease?.fenceCheck)
    const tried = attemptOf(context, subject, partition, plan, guards, options, build)
    if (plan.restoration !== undefined) context.tails?.restore(threadId, tried)
    const result = await tried
    if (result.ok) return result.after
    if (attempt === MAX_ATTEMPTS) throw tooBusy(context, partition)
    wasGone ||= result.epoch === null && !result.dropped
    const reason = firstReason(guards, result.failedChecks)
    if (reason === 'lease') await lease?.secure()
    else plan = await replan(context, subject, build, plan, { reason, wasGone, epoch, found: result.epoch })
  }
}

type Tried =
  { readonly ok: true; readonly after: ThreadKnowledge } | Extract<CommitResult, { readonly ok: false }>

/** One commit; `after` is what is known when it was applied. */
async function attemptOf(
  context: SaverContext,
  subject: CommitSubject,
  partition: Partition,
  plan: Plan,
  guards: readonly Guard[],
  options: PartitionCommitOptions,
  build: (known: ThreadKnowledge | undefined) => ThreadWrite,
): Promise<Tried> {
  const { threadId } = subject
  const startedAt = context.tails?.step() ?? 0
  const { batch, nodes, sent } = drafted(plan, guards)
  const result = await partition.commit(batch, { ...options, together: true })
  if (!result.ok) return result
  // What was written is what is read next.
  for (const [id, node] of nodes) keep(context, node, sent.get(id) as ObjectMutation)
  const after = remember(context, threadId, result.epoch, sent.keys())
  if (plan.restoration !== undefined) context.tails?.rebase(threadId, plan.restoration.epoch, after.epoch)
  keepTail(context, subject, plan.write, build, sent, { epoch: after.epoch, startedAt })
  if (plan.restoration !== undefined) report(context, subject, plan.restoration)
  return { ok: true, after }
}

/** The plan after a failure, from what it meant. */
async function replan(
  context: SaverContext,
  subject: CommitSubject,
  build: (known: ThreadKnowledge | undefined) => ThreadWrite,
  plan: Plan,
  failure: {
    readonly reason: Exclude<Reason, 'lease'>
    readonly wasGone: boolean
    /** What was expected, and what there was. */
    readonly epoch: Epoch | undefined
    readonly found: Epoch | null
  },
): Promise<Plan> {
  const { threadId, claim } = subject
  const partition = context.threads.partition(threadId)
  const whole: Plan = {
    known: undefined,
    write: plan.known === undefined ? plan.write : build(undefined),
    claim: claim && claimCheck(claim),
    restoration: undefined,
  }
  // Another call of this process stores it again, or has done so: then all that is to do is to go on.
  const isHealing = (await context.tails?.restored(threadId)) === true
  const tail = context.tails?.recall(threadId)
  const isHealed = tail !== undefined && tail.epoch === failure.found && tail.epoch !== failure.epoch
  if ((isHealing || isHealed) && failure.reason !== 'claim') {
    return { ...whole, known: context.memory.recall(threadId) }
  }
  switch (failure.reason) {
    case 'claim':
      // Only reached with a claim; what it comes to depends on what is there.
      return claim === undefined ? whole : { ...plan, claim: await judgeClaim(claim, partition) }
    case 'lost': {
      context.memory.forget(threadId)
      const restoration = tail && (await restoreTail(tail, claim, partition))
      return restoration === undefined ? whole : { ...whole, claim: undefined, restoration }
    }
    case 'epoch': {
      context.memory.forget(threadId)
      const isFresh =
        tail !== undefined && context.tails !== undefined && isYoung(tail.lastAt, context.tails.now())
      if (isFresh && failure.wasGone && context.healing === 'thread') {
        return { ...whole, claim: undefined, restoration: restoreThread(tail, claim) }
      }
      context.tails?.forget(threadId)
      return whole
    }
    case 'restoration':
      // Another one than it was a moment ago: what that lost is not to be stored in this one.
      if (tail?.epoch !== failure.found) context.tails?.forget(threadId)
      return whole
  }
}

/** The epoch that a plan relies on. A call that failed has forgotten what was known; what was acknowledged stays so. */
function epochOf(context: SaverContext, threadId: string, { known, restoration }: Plan): Epoch | undefined {
  return restoration?.epoch ?? known?.epoch ?? context.tails?.recall(threadId)?.epoch
}

/** A deletion since then has left a tombstone that is still there. */
function isYoung(lastAt: number, now: number): boolean {
  return now - lastAt < TOMBSTONE_MS / 2
}

function guardsOf(
  context: SaverContext,
  threadId: string,
  plan: Plan,
  epoch: Epoch | undefined,
  fence: Check | undefined,
): readonly Guard[] {
  const guards: Guard[] = fence === undefined ? [] : [{ reason: 'lease', check: fence }]
  if (plan.restoration !== undefined) {
    for (const check of plan.restoration.checks) guards.push({ reason: 'restoration', check })
  } else {
    const tail = context.tails?.recall(threadId)
    if (epoch !== undefined) guards.push({ reason: 'epoch', check: { type: 'epoch', epoch } })
    if (tail !== undefined && tail.epoch === epoch) {
      for (const key of tail.newestKeys) guards.push({ reason: 'lost', check: { type: 'present', key } })
    }
  }
  if (plan.claim !== undefined) guards.push({ reason: 'claim', check: plan.claim })
  return guards
}

/** The order of reasons is the order of guards: each one makes those behind it meaningless. */
function firstReason(guards: readonly Guard[], failedChecks: readonly number[]): Reason {
  // A failure beyond the guards is that of the objects that were relied on.
  const [first] = failedChecks
  const guard = first === undefined ? undefined : guards[first]
  const isLost = failedChecks.some((at) => at >= guards.length)
  if (guard === undefined) return 'lost'
  return guard.reason === 'claim' && isLost ? 'lost' : guard.reason
}

/** What an attempt sends: the objects that the thread is not known to hold, then the records. */
interface Drafted {
  readonly batch: Batch
  readonly nodes: ReadonlyMap<ObjectId, ObjectNode>
  readonly sent: ReadonlyMap<ObjectId, ObjectMutation>
}

function drafted({ known, write, restoration }: Plan, guards: readonly Guard[]): Drafted {
  const tops = restoration === undefined ? write.below : [...restoration.objects, ...write.below]
  const nodes = unknownOf(tops, (id) => known?.holds(id) === true)
  const sent = new Map<ObjectId, ObjectMutation>()
  for (const [id, node] of nodes) sent.set(id, { type: 'object', id, refs: node.refs, bytes: node.bytes() })
  const mutations = [...sent.values(), ...(restoration?.records ?? []), ...write.records]
  const relied = known === undefined ? [] : reliedOn(write.records, sent)
  const checks: Check[] = guards.map(({ check }) => check)
  if (relied.length > 0) checks.push({ type: 'objects', ids: relied })
  return { batch: { checks, mutations }, nodes, sent }
}

/**
 * What is referred to and not sent: a failover can bring back the past of the same thread. What lies below those objects
 * was stored before them, and so is there as well.
 */
function reliedOn(
  records: readonly (PutMutation | InsertMutation)[],
  sent: ReadonlyMap<ObjectId, unknown>,
): ObjectId[] {
  const relied = new Set<ObjectId>()
  for (const { refs = [] } of records) for (const id of refs) if (!sent.has(id)) relied.add(id)
  return [...relied]
}

function keep(context: SaverContext, node: ObjectNode, { bytes }: ObjectMutation): void {
  const opened = openNode(unframeNode({ bytes, refs: node.refs }), node.id, node.entries)
  if (opened !== undefined) context.cache.set(node.id, opened)
}

function remember(
  context: SaverContext,
  threadId: string,
  epoch: Epoch | null,
  sent: Iterable<ObjectId>,
): ThreadKnowledge {
  // A commit that stores records leaves a partition behind, and a partition has an epoch.
  if (epoch === null) {
    throw new Error('A driver broke its contract: a commit that wrote records reported no partition')
  }
  return context.memory.learn(threadId, epoch, sent)
}

function report(context: SaverContext, subject: CommitSubject, restoration: Restoration): void {
  const { lost, checkpoints, writes } = restoration
  const { threadId, namespace } = subject
  notifyHealed(context.observer, { threadId, namespace, checkpoints, writes, lost })
}

function tooBusy(context: SaverContext, partition: Partition): StorageError {
  return new StorageError({
    code: 'unavailable',
    disposition: 'transient',
    driver: context.threads.driver.name,
    operation: 'commit',
    partition: partition.id,
    attempts: MAX_ATTEMPTS,
    reason: 'the thread was deleted or begun anew each time that it was to be written',
  })
}
