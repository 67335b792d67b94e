import type { CallOptions } from '@cairnkit/core'
import { type StoredCheckpoint, openGroups } from './checkpoint-reader.js'
import { checkpointsPrefix } from './keys.js'
import type { SaverContext } from './saver-context.js'

/** How many checkpoints one read fetches at the most. */
export const PAGE_SIZE = 64

/** Half-open bounds on checkpoint ids. */
export interface IdBounds {
  readonly from?: string
  readonly until?: string
}

/** One namespace of one thread, read page by page from the newest checkpoint down. */
export class Lane {
  readonly #context: SaverContext
  readonly #threadId: string
  readonly #namespace: string
  #bounds: IdBounds
  /** Fetched and not yet taken, newest last. */
  #page: StoredCheckpoint[] = []
  #head: string | undefined
  #isExhausted = false

  /** `head` is the id of the newest checkpoint, where that is known before anything is fetched. */
  constructor(context: SaverContext, threadId: string, namespace: string, bounds: IdBounds, head?: string) {
    this.#context = context
    this.#threadId = threadId
    this.#namespace = namespace
    this.#bounds = bounds
    this.#head = head
  }

  /** The id of the next checkpoint, as far as it is known without another fetch. */
  get head(): string | undefined {
    return this.#head
  }

  /** Whether nothing is at hand and there may be more. */
  get isDry(): boolean {
    return this.#page.length === 0 && !this.#isExhausted
  }

  /** The next checkpoint of what was fetched. */
  take(): StoredCheckpoint | undefined {
    const taken = this.#page.pop()
    this.#head = this.#page.at(-1)?.id
    return taken
  }

  /** Fetches the next page: one round trip. */
  async fetch(limit: number, options: CallOptions): Promise<void> {
    const [result] = await this.#context.threads.partition(this.#threadId).read(
      [
        {
          type: 'groups',
          prefix: checkpointsPrefix(this.#namespace),
          ...this.#bounds,
          limit,
          reverse: true,
          follow: 'all',
        },
      ],
      options,
    )
    this.#page = openGroups(this.#context, this.#threadId, this.#namespace, result).toReversed()
    this.#head = this.#page.at(-1)?.id
    this.#isExhausted = result.groups.length < limit
    const oldest = result.groups.at(-1)?.element
    // Paged by id and not by offset, so that checkpoints put meanwhile are neither repeated nor in the way.
    if (oldest !== undefined) this.#bounds = { ...this.#bounds, until: oldest }
  }
}
