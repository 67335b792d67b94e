import type { BackgroundWork } from '../background/background-work.js'
import { BoundedMap } from '../bounds/bounded-map.js'
import { sizeOfText } from '../bounds/memory-size.js'
import { droppedFrom } from './keepset.js'
import { type PruneTools, pruneThread } from './prune-thread.js'
import { type RetentionOptions, keepsRetained } from './retention-options.js'

/** How many checkpoints are put at least between two looks at a thread: a look is two commands, and a chat turn is four. */
const LEAST_PUTS = 18

/** A look reads all that stays; so it comes once in as many puts as a part of that. */
const SHARE_OF_KEPT = 1 / 4

/** How many checkpoints one look removes at the most; what is more is for the next one. */
const MOST_PER_LOOK = 1000

/** How much memory the numbers of puts may take, in bytes. */
const COUNTS_BYTES = 256 * 1024
const THREAD_BYTES = 200

/** Removes, beside the puts of this process, the checkpoints that are not to stay. */
export class Retention {
  readonly #options: RetentionOptions
  readonly #tools: PruneTools
  readonly #background: BackgroundWork
  readonly #puts = new BoundedMap<string, { readonly count: number; readonly hasLooked: boolean }>(
    COUNTS_BYTES,
  )
  readonly #underWay = new Set<string>()
  readonly #every: number

  constructor(options: RetentionOptions, tools: PruneTools, background: BackgroundWork) {
    this.#options = options
    this.#tools = tools
    this.#background = background
    this.#every = Math.max(LEAST_PUTS, Math.floor((options.keepLast ?? 0) * SHARE_OF_KEPT))
  }

  /**
   * After a checkpoint was stored. `step`: of its metadata. A process that has not looked at the thread yet also looks when the
   * steps of the run say so: it may end before it has put as many as that.
   */
  stored(threadId: string, namespace: string, step: unknown): void {
    const { count: before = 0, hasLooked = false } = this.#puts.peek(threadId) ?? {}
    const count = before + 1
    const isDue = count >= this.#every || (!hasLooked && namespace === '' && this.#isTurn(step))
    if (!isDue || this.#underWay.has(threadId)) {
      this.#count(threadId, count, hasLooked)
      return
    }
    this.#count(threadId, 0, true)
    this.#underWay.add(threadId)
    this.#background.start('retention', threadId, async () => {
      try {
        const { isAll } = await pruneThread(
          this.#tools,
          threadId,
          (outline, nowMs) => droppedFrom(outline, keepsRetained(this.#options, nowMs)),
          { most: MOST_PER_LOOK, yields: true },
        )
        if (!isAll) this.#count(threadId, this.#every, true)
      } finally {
        this.#underWay.delete(threadId)
      }
    })
  }

  #isTurn(step: unknown): boolean {
    return typeof step === 'number' && step > 0 && step % this.#every === 0
  }

  #count(threadId: string, count: number, hasLooked: boolean): void {
    this.#puts.set(threadId, { count, hasLooked }, THREAD_BYTES + sizeOfText(threadId))
  }
}
