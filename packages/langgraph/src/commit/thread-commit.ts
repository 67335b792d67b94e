import {
  type CommitResult,
  type Epoch,
  type ObjectId,
  type ObjectMutation,
  type PartitionCommitOptions,
  StorageError,
  type Tuple,
  compareTuples,
} from '@cairnkit/core'
import { unframeFragment } from '../engine/fragments/fragment.js'
import { decodeObject } from '../engine/objects/decoded-object.js'
import { findDecoded } from '../engine/objects/find-decoded.js'
import { type NewObject, missingObjects } from '../engine/objects/new-object.js'
import type { ObjectCache } from '../engine/objects/object-cache.js'
import type { KnownThreads } from '../knowledge/known-threads.js'
import { NO_HEAD, type SeenHead, headAt } from '../knowledge/seen-head.js'
import type { ThreadKnowledge } from '../knowledge/thread-knowledge.js'
import type { LeaseHold } from '../lease/lease-hold.js'
import { checkpointKey } from '../records/keys.js'
import type { StoredPlace } from '../records/stored-data-error.js'
import { ParentGoneError } from '../thread-errors.js'
import { type Guard, firstReason } from './guards.js'
import { type HeadStep, headStep } from './head-step.js'
import type { Healing, Restoration, Started } from './healing.js'
import { judgeHead } from './judge-head.js'
import type { ThreadPartition } from './thread-partition.js'
import type { FindObjects, Stored, ThreadWrite } from './thread-write.js'

/** Each failure changes the next attempt; a thread that changes at every single one is in other hands. */
const MAX_ATTEMPTS = 8

/** What a commit works with. */
export interface CommitTools {
  readonly partition: ThreadPartition
  /** Of the thread, for the messages of errors. */
  readonly place: StoredPlace
  readonly knownThreads: KnownThreads
  readonly cache: ObjectCache
  /** The lease under which the commit is made. */
  readonly lease: Pick<LeaseHold, 'assertHeld' | 'fenceCheck' | 'ensureFence'> | undefined
  readonly healing: Healing | undefined
  /** Removals of checkpoints: a commit waits for the one of its thread. */
  readonly removals: { settled(threadId: string): Promise<void> | undefined } | undefined
}

export interface Committed<S extends Stored> {
  /** What is known of the thread afterwards. */
  readonly known: ThreadKnowledge
  /** What was stored, of the forms that the call has. */
  readonly stored: S
  /** Whether the thread was born with it. */
  readonly created: boolean
  /** Until the thread ends; `null`: it does not; `undefined`: the commit said nothing of it. */
  readonly ttlMs: number | null | undefined
}

/** A state of a commit: what the attempt that is sent next takes for given. */
type Attempt =
  /** The thread holds what it was seen to hold. */
  | { readonly kind: 'relying'; readonly known: ThreadKnowledge; readonly step: HeadStep }
  /** Nothing: everything is sent. */
  | { readonly kind: 'whole'; readonly step: HeadStep }
  /** The thread has lost what is stored again with it. What must hold for the head is among what must hold for that. */
  | { readonly kind: 'restoring'; readonly restoration: Restoration }

const NOT_STARTED: Started = { step: 0, at: 0 }

const NO_STEP: HeadStep = { checks: [], moves: [], after: undefined }

const NOTHING: Stored = { records: [], children: [], carried: { objects: [], ids: [] } }

interface Applied<S extends Stored> {
  readonly ok: true
  readonly known: ThreadKnowledge
  /** `undefined`: what was lost was stored again, and nothing else. */
  readonly stored: S | undefined
  readonly created: boolean
  readonly ttlMs: number | null | undefined
}

interface Refused extends Extract<CommitResult, { readonly ok: false }> {
  readonly guards: readonly Guard[]
  readonly expected: Epoch | undefined
}

/**
 * One commit to a thread, from the first attempt to the last.
 *
 * | state | what failed | healing | next state |
 * |---|---|---|---|
 * | any | `lease` | | the same, with the fence set |
 * | `relying`, `whole` | `head` | | the same with another step for the head, or `ThreadConflictError` |
 * | `relying`, `whole` | `parent` | | `ParentGoneError` |
 * | any | anything else | off | `whole` |
 * | any | anything else | another call has stored the thread again | `relying` |
 * | `relying`, `whole` | `lost` | something is missing | `restoring` the tail |
 * | `relying`, `whole` | `epoch` | `thread`; the thread is gone, and nobody has deleted it | `restoring` the thread |
 * | any | anything else | what was kept is of no use | `whole` |
 */
export class ThreadCommit<S extends Stored> {
  readonly #tools: CommitTools
  readonly #write: ThreadWrite<S>
  readonly #options: PartitionCommitOptions
  readonly #find: FindObjects
  /** A fence that is set anew gives birth to a thread that was gone. */
  #wasGone = false

  constructor(tools: CommitTools, write: ThreadWrite<S>, options: PartitionCommitOptions) {
    const { cache, healing } = tools
    this.#tools = tools
    this.#write = write
    this.#options = options
    this.#find = (ids) => healing?.find(write.threadId, ids) ?? findDecoded(cache, ids)
  }

  /**
   * Throws `ThreadConflictError` for a claim that does not hold, `ParentGoneError` if values of a checkpoint could not be made any
   * more, `LeaseLostError` when the lease is over under which the commit was made.
   */
  async run(): Promise<Committed<S>> {
    const { lease, healing } = this.#tools
    const { threadId } = this.#write
    // What the process learns of a thread that is being stored again, it learns with the end of that.
    const settled = healing?.settled(threadId)
    if (settled !== undefined) await settled
    let attempt = await this.#goOn()
    for (let count = 1; ; count++) {
      // Whoever is sent behind a removal relies on an epoch that is over.
      for (let removal = this.#removal; removal !== undefined; removal = this.#removal) await removal
      lease?.assertHeld()
      const trying = this.#try(attempt)
      if (attempt.kind === 'restoring') healing?.restoring(threadId, attempt.restoration, trying)
      const result = await trying
      if (!result.ok) {
        if (count === MAX_ATTEMPTS) throw this.#tooBusy()
        attempt = await this.#next(attempt, result)
      } else if (result.stored === undefined) {
        attempt = await this.#goOn()
      } else {
        const { known, stored, created, ttlMs } = result
        return { known, stored, created, ttlMs }
      }
    }
  }

  /** What this process is removing from the thread. */
  get #removal(): Promise<void> | undefined {
    return this.#tools.removals?.settled(this.#write.threadId)
  }

  /** The attempt that relies on what the process knows. */
  #goOn(): Attempt | Promise<Attempt> {
    const known = this.#tools.knownThreads.get(this.#write.threadId)
    return known === undefined
      ? this.#whole()
      : this.#with((step) => ({ kind: 'relying', known, step }), known.head(this.#write.namespace), false)
  }

  /** `isGone`: whether there was no thread a moment ago, and so no head. */
  #whole(isGone = false): Attempt | Promise<Attempt> {
    return this.#with((step) => ({ kind: 'whole', step }), isGone ? NO_HEAD : undefined, isGone)
  }

  /** An attempt with the step for the head. Reads first only where what was seen does not tell it. */
  #with(
    attempt: (step: HeadStep) => Attempt,
    seen: SeenHead | undefined,
    isFresh: boolean,
  ): Attempt | Promise<Attempt> {
    const { head } = this.#write
    if (head === undefined) return attempt(NO_STEP)
    const step = headStep(head, seen, isFresh)
    return step === 'look' ? this.#judged(attempt) : attempt(step)
  }

  async #judged(attempt: (step: HeadStep) => Attempt): Promise<Attempt> {
    const { head } = this.#write
    const { partition, place } = this.#tools
    return attempt(head === undefined ? NO_STEP : await judgeHead(head, partition, place))
  }

  async #try(attempt: Attempt): Promise<Applied<S> | Refused> {
    const { partition, healing } = this.#tools
    const { lifetime } = this.#write
    const restoration = attempt.kind === 'restoring' ? attempt.restoration : undefined
    const own = restoration?.isAlone === true ? undefined : this.#storedBy(attempt)
    const step = attempt.kind === 'restoring' ? NO_STEP : attempt.step
    const stored = own ?? NOTHING
    const known = attempt.kind === 'relying' ? attempt.known : undefined
    const tops = restoration === undefined ? stored.children : [...restoration.objects, ...stored.children]
    const objects = missingObjects(tops, (id) => known?.holds(id) === true)
    const sent = new Map<ObjectId, ObjectMutation>()
    for (const [id, object] of objects)
      sent.set(id, { type: 'object', id, refs: object.refs, bytes: object.bytes() })
    const expected = this.#expected(attempt)
    const guards = this.#guards(attempt, expected, reliedOn(stored, sent))
    const started = healing?.before() ?? NOT_STARTED
    const result = await partition.commit(
      {
        checks: guards.map(({ check }) => check),
        mutations: [
          ...sent.values(),
          ...(restoration?.records ?? []),
          ...stored.records,
          ...step.moves,
          ...(lifetime === undefined ? [] : [...lifetime.records, lifetime.expire]),
        ],
      },
      { ...this.#options, together: true },
    )
    if (!result.ok) return { ...result, guards, expected }
    const after = this.#remember(result.epoch, objects, sent)
    const { head } = this.#write
    // A thread that was born with it has no other checkpoint.
    const seen = step.after ?? (head !== undefined && result.created ? headAt(head.id) : undefined)
    if (head !== undefined && own !== undefined) after.seeHead(head.namespace, seen)
    after.seeTtl(result.ttlMs)
    healing?.after({
      write: this.#write,
      stored,
      moves: step.moves,
      sent,
      restoration,
      epoch: after.epoch,
      ttlMs: result.ttlMs,
      started,
    })
    return { ok: true, known: after, stored: own, created: result.created, ttlMs: result.ttlMs }
  }

  #storedBy({ kind }: Attempt): S {
    return kind === 'relying' ? this.#write.relying : this.#write.whole(this.#find)
  }

  /** The state after a failure. */
  async #next(attempt: Attempt, failure: Refused): Promise<Attempt> {
    const { lease, partition, place, knownThreads, healing } = this.#tools
    const { head, threadId } = this.#write
    this.#wasGone ||= failure.epoch === null && !failure.dropped
    const reason = firstReason(failure.guards, failure.failedChecks)
    switch (reason) {
      case 'lease':
        await lease?.ensureFence()
        return attempt
      case 'parent':
        throw new ParentGoneError(threadId, head?.namespace ?? '', { id: head?.id, parentId: head?.parentId })
      case 'head':
        return await this.#judged((step) =>
          attempt.kind === 'relying' ? { ...attempt, step } : { kind: 'whole', step },
        )
      case 'restoration':
      case 'epoch':
      case 'lost': {
        const repair = await healing?.failed({
          threadId,
          partition,
          place,
          head,
          reason,
          restoration: attempt.kind === 'restoring' ? attempt.restoration : undefined,
          wasGone: this.#wasGone,
          expected: failure.expected,
          found: failure.epoch,
        })
        if (repair?.kind === 'go on') return await this.#goOn()
        knownThreads.forget(threadId)
        return repair?.kind === 'restore'
          ? { kind: 'restoring', restoration: repair.restoration }
          : await this.#whole(failure.epoch === null)
      }
    }
  }

  /** The epoch that an attempt relies on. A call that failed has forgotten what was known; what was acknowledged stays so. */
  #expected(attempt: Attempt): Epoch | undefined {
    switch (attempt.kind) {
      case 'restoring':
        return attempt.restoration.epoch
      case 'relying':
        return attempt.known.epoch
      case 'whole':
        return this.#tools.healing?.acknowledged(this.#write.threadId)?.epoch
    }
  }

  #guards(attempt: Attempt, expected: Epoch | undefined, relied: readonly ObjectId[]): readonly Guard[] {
    const { lease, healing } = this.#tools
    const guards: Guard[] = lease === undefined ? [] : [{ reason: 'lease', check: lease.fenceCheck }]
    if (attempt.kind === 'restoring') {
      for (const check of attempt.restoration.checks) guards.push({ reason: 'restoration', check })
    } else {
      if (expected !== undefined) guards.push({ reason: 'epoch', check: { type: 'epoch', epoch: expected } })
      const acknowledged = healing?.acknowledged(this.#write.threadId)
      if (acknowledged !== undefined && acknowledged.epoch === expected) {
        for (const key of acknowledged.newestKeys)
          guards.push({ reason: 'lost', check: { type: 'present', key } })
      }
    }
    const parent = this.#parentNeeded(attempt)
    if (parent !== undefined) guards.push({ reason: 'parent', check: { type: 'present', key: parent } })
    if (relied.length > 0) guards.push({ reason: 'lost', check: { type: 'objects', ids: relied } })
    if (attempt.kind !== 'restoring') {
      for (const check of attempt.step.checks) guards.push({ reason: 'head', check })
    }
    return guards
  }

  /** A claim on the head sees by itself that the parent is there; what is stored again may bring it. */
  #parentNeeded(attempt: Attempt): Tuple | undefined {
    const { head } = this.#write
    if (head?.parentId === undefined || !head.isMadeOfParent || head.claim === 'head') return undefined
    const key = checkpointKey(head.namespace, head.parentId)
    const restored = attempt.kind === 'restoring' ? attempt.restoration.records : []
    return restored.some((record) => compareTuples(record.key, key) === 0) ? undefined : key
  }

  #remember(
    epoch: Epoch | null,
    objects: ReadonlyMap<ObjectId, NewObject>,
    sent: ReadonlyMap<ObjectId, ObjectMutation>,
  ): ThreadKnowledge {
    const { knownThreads, cache } = this.#tools
    // What was written is what is read next.
    for (const [id, object] of objects) {
      const { bytes } = sent.get(id) as ObjectMutation
      const opened = decodeObject(unframeFragment({ bytes, refs: object.refs }), id, object.entries)
      if (opened !== undefined) cache.set(id, opened)
    }
    // A commit that stores records leaves a partition behind, and a partition has an epoch.
    if (epoch === null) {
      throw new Error('A driver broke its contract: a commit that wrote records reported no partition')
    }
    return knownThreads.learn(this.#write.threadId, epoch, sent.keys())
  }

  #tooBusy(): StorageError {
    return new StorageError({
      code: 'unavailable',
      disposition: 'transient',
      driver: this.#tools.place.driver,
      operation: 'commit',
      partition: this.#tools.partition.id,
      attempts: MAX_ATTEMPTS,
      reason: 'the thread was deleted or begun anew each time that it was to be written',
    })
  }
}

/**
 * What is referred to and not sent: a failover can bring back the past of the same thread. What lies below those objects
 * was stored before them, and so is there as well.
 */
function reliedOn({ records }: Stored, sent: ReadonlyMap<ObjectId, unknown>): ObjectId[] {
  const relied = new Set<ObjectId>()
  for (const { refs = [] } of records) for (const id of refs) if (!sent.has(id)) relied.add(id)
  return [...relied]
}
