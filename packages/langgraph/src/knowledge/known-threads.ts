import type { Epoch, ObjectId } from '@cairnkit/core'
import { BoundedMap } from '../bounds/bounded-map.js'
import { sizeOfText } from '../bounds/memory-size.js'
import { type KnowledgeLimits, ThreadKnowledge, idle, limitsInUse } from './thread-knowledge.js'

/**
 * What this process knows of threads, so that it need not send or ask again. Bounded; only ever a shortcut: a commit that
 * relies on it checks the epoch, and is made anew in full when the check fails.
 *
 * Of the threads that were idle longest it knows little, and so it knows many: of a thousand runs at once, none asks.
 */
export class KnownThreads {
  readonly #threads: BoundedMap<string, Entry>
  readonly #idle: BoundedMap<string, Entry>

  readonly #inUse: KnowledgeLimits

  constructor(maxBytes: number) {
    this.#inUse = limitsInUse(maxBytes / 2)
    this.#threads = new BoundedMap(maxBytes / 2)
    this.#idle = new BoundedMap(maxBytes / 2)
  }

  get costBytes(): number {
    return this.#threads.costBytes + this.#idle.costBytes
  }

  get(threadId: string): ThreadKnowledge | undefined {
    return (this.#threads.peek(threadId) ?? this.#idle.peek(threadId))?.knowledge
  }

  /**
   * What is known of a thread, now that these objects of it were seen under `epoch`, each behind what it reaches. What was
   * known under another epoch is forgotten.
   */
  learn(threadId: string, epoch: Epoch, objects: Iterable<ObjectId>): ThreadKnowledge {
    const known = this.get(threadId)
    // An answer that comes late: what it saw may have been removed since.
    if (known?.isPast(epoch) === true) {
      known.addLate(epoch, objects)
      return known
    }
    const current = known?.epoch === epoch ? known : new ThreadKnowledge(epoch, this.#inUse)
    current.limit(this.#inUse)
    current.addObjects(objects)
    this.#keep(threadId, current)
    return current
  }

  /** Counts again what is known of a thread, after more of it was seen. Not when it was forgotten meanwhile. */
  weigh(threadId: string, knowledge: ThreadKnowledge): void {
    if (this.get(threadId) === knowledge) this.#keep(threadId, knowledge)
  }

  /**
   * After a commit of this process that removed these objects, and what is known of the thread is true but for them. `undefined`:
   * it is not known which.
   */
  rebase(threadId: string, from: Epoch, to: Epoch, removed: readonly ObjectId[] | undefined): void {
    const known = this.get(threadId)
    if (known === undefined) return
    if (known.epoch !== from || removed === undefined) this.forget(threadId)
    else {
      known.rebase(to, removed)
      this.weigh(threadId, known)
    }
  }

  forget(threadId: string): void {
    this.#threads.delete(threadId)
    this.#idle.delete(threadId)
  }

  #keep(threadId: string, knowledge: ThreadKnowledge): void {
    this.#idle.delete(threadId)
    const thread = { threadId, knowledge }
    for (const gone of this.#threads.set(threadId, thread, costOf(thread))) {
      gone.knowledge.limit(idle)
      this.#idle.set(gone.threadId, gone, costOf(gone))
    }
  }
}

interface Entry {
  readonly threadId: string
  readonly knowledge: ThreadKnowledge
}

function costOf({ threadId, knowledge }: Entry): number {
  return sizeOfText(threadId) + knowledge.costBytes
}
