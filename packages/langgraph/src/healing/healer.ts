import {
  type Clock,
  type Epoch,
  type ObjectId,
  type ObjectMutation,
  type Tuple,
  tellObserver,
} from '@cairnkit/core'
import type {
  Acknowledged,
  AppliedAttempt,
  FailedAttempt,
  Healing,
  Repair,
  Restoration,
  Started,
} from '../commit/healing.js'
import type { FindObjects, Stored, ThreadWrite } from '../commit/thread-write.js'
import { detach } from '../engine/fragments/detach.js'
import { findDecoded } from '../engine/objects/find-decoded.js'
import { type NewObject, costOfObject } from '../engine/objects/new-object.js'
import type { ObjectCache } from '../engine/objects/object-cache.js'
import type { HealedObserver } from './healed-event.js'
import { decideRepair } from './repair.js'
import { restoreTail, restoreThread } from './restoration.js'
import type { ThreadTail } from './thread-tail.js'
import { ThreadTails } from './thread-tails.js'
import { TOMBSTONE_MS } from './tombstone.js'

/** An attempt that stores a thread again. */
interface Restoring {
  readonly restoration: Restoration
  readonly ended: Promise<void>
}

const SEND_ALL: Repair = { kind: 'send all' }

/** Stores again, from the tails that it keeps in memory, what the storage has lost. */
export class Healer implements Healing {
  readonly #mode: 'tail' | 'thread'
  readonly #clock: Clock
  readonly #cache: ObjectCache
  readonly #observer: HealedObserver | undefined
  readonly #tails: ThreadTails
  /** The attempts that store a thread again, by thread. */
  readonly #restoring = new Map<string, Restoring>()
  #steps = 0

  constructor(
    mode: 'tail' | 'thread',
    {
      clock,
      cache,
      observer,
      maxBytes,
    }: {
      readonly clock: Clock
      readonly cache: ObjectCache
      readonly observer: HealedObserver | undefined
      /** Of what is kept of all threads. */
      readonly maxBytes: number
    },
  ) {
    this.#mode = mode
    this.#clock = clock
    this.#cache = cache
    this.#observer = observer
    this.#tails = new ThreadTails(maxBytes)
  }

  settled(threadId: string): Promise<void> | undefined {
    return this.#restoring.get(threadId)?.ended
  }

  acknowledged(threadId: string): Acknowledged | undefined {
    return this.tailOf(threadId)
  }

  /** What is kept of a thread. */
  tailOf(threadId: string): ThreadTail | undefined {
    return this.#tails.get(threadId)
  }

  find(threadId: string, ids: readonly ObjectId[]): ReturnType<FindObjects> {
    return this.tailOf(threadId)?.find(ids)
  }

  before(): Started {
    return { step: ++this.#steps, at: this.#clock.now() }
  }

  restoring(threadId: string, restoration: Restoration, attempt: Promise<unknown>): void {
    const over = (): void => {
      if (this.#restoring.get(threadId)?.restoration === restoration) this.#restoring.delete(threadId)
    }
    this.#restoring.set(threadId, { restoration, ended: attempt.then(over, over) })
  }

  after(attempt: AppliedAttempt): void {
    const { write, restoration, epoch } = attempt
    const { threadId, namespace } = write
    if (restoration !== undefined) this.#tails.rebase(threadId, restoration.epoch, epoch)
    this.#tails.extend(threadId, epoch, (tail) => this.#keep(tail, attempt))
    if (restoration === undefined) return
    const { lost, checkpoints, writes } = restoration
    tellObserver('saver', () =>
      this.#observer?.onHealed?.({ threadId, namespace, checkpoints, writes, lost }),
    )
  }

  async failed(attempt: FailedAttempt): Promise<Repair> {
    const { threadId, restoration, expected, found } = attempt
    const restoring = this.#restoring.get(threadId)
    // One's own attempt is over, and is not another's.
    const others = restoring?.restoration === restoration ? undefined : restoring
    await others?.ended
    const tail = this.tailOf(threadId)
    if (attempt.reason === 'epoch' && tail?.rewind(found) === true)
      return restoreWith(await restoreTail(tail, attempt.head, attempt.partition, attempt.place))
    const isOfFound = tail !== undefined && tail.epoch === found
    const decision = decideRepair({
      reason: attempt.reason,
      mode: this.#mode,
      isHealed: others !== undefined || (isOfFound && tail.epoch !== expected),
      isKept: tail !== undefined,
      isOfFound,
      isYoung: tail !== undefined && this.#clock.now() - tail.lastAt < TOMBSTONE_MS / 2,
      mayHaveExpired: tail !== undefined && this.#clock.now() >= tail.endsAt,
      wasGone: attempt.wasGone,
    })
    switch (decision) {
      case 'go on':
        return { kind: 'go on' }
      case 'restore tail':
        return restoreWith(tail && (await restoreTail(tail, attempt.head, attempt.partition, attempt.place)))
      case 'restore thread':
        return restoreWith(tail && restoreThread(tail, attempt.head))
      case 'forget':
        this.#tails.forget(threadId)
        return SEND_ALL
      case 'send all':
        return SEND_ALL
    }
  }

  pruned(threadId: string, from: Epoch, to: Epoch, isDropped: (key: Tuple) => boolean): void {
    this.#tails.prune(threadId, from, to, isDropped)
  }

  forget(threadId: string): void {
    this.#tails.forget(threadId)
  }

  /** Keeps what an attempt stored, so that it can be stored again. Nothing of it is the caller's: it is bytes already. */
  #keep(tail: ThreadTail, { write, stored, moves, sent, started, ttlMs }: AppliedAttempt): void {
    tail.seeTtl(started.at, ttlMs)
    const kept = this.#withAllObjects(tail, write, stored)
    tail.acknowledge(
      [...kept.records, ...moves].map(({ bytes, ...rest }) => ({
        parentId: write.head?.parentId,
        mutation: { bytes: detach(bytes), ...rest },
      })),
      [...kept.children, ...kept.carried.objects],
      (object) => this.#objectOf(object, sent.get(object.id)),
      { startedAt: started.step, acknowledgedAt: ++this.#steps, now: this.#clock.now() },
    )
  }

  /**
   * What was stored, if all that it refers to is at hand or kept already. Otherwise what the call could store of itself: a
   * value that came with another call, and was changed in place since, is nowhere else any more.
   */
  #withAllObjects(tail: ThreadTail, write: ThreadWrite, stored: Stored): Stored {
    if (stored.carried.ids.every((id) => tail.holds(id))) return stored
    return write.whole((ids) => tail.find(ids) ?? findDecoded(this.#cache, ids))
  }

  /** What was sent is kept as bytes. What was not is kept as it is: to make its bytes again would cost a look at all of it. */
  #objectOf(object: NewObject, sent: ObjectMutation | undefined): NewObject {
    if (sent === undefined) return { ...object, children: [] }
    const bytes = detach(sent.bytes)
    const { id, refs } = object
    return { id, refs, bytes: () => bytes, children: [], costBytes: costOfObject(bytes.length, refs.length) }
  }
}

function restoreWith(restoration: Restoration | undefined): Repair {
  return restoration === undefined ? SEND_ALL : { kind: 'restore', restoration }
}
