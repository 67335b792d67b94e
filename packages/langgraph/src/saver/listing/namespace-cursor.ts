import type { CallOptions } from '@cairnkit/core'
import type { CheckpointReads } from '../reading/checkpoint-reads.js'
import type { StoredCheckpoint } from '../reading/stored-checkpoint.js'

/** How many checkpoints one read fetches at the most. */
export const PAGE_SIZE = 64

/** Half-open bounds on checkpoint ids. */
export interface IdBounds {
  readonly from?: string
  readonly until?: string
}

/** One namespace of one thread, read page by page from the newest checkpoint down. */
export class NamespaceCursor {
  readonly #reads: CheckpointReads
  readonly #threadId: string
  readonly #namespace: string
  #bounds: IdBounds
  /** Fetched and not yet taken, newest last. */
  #page: StoredCheckpoint[] = []
  #nextId: string | undefined
  #isExhausted = false

  /** `nextId` is the id of the newest checkpoint, where that is known before anything is fetched. */
  constructor(
    reads: CheckpointReads,
    threadId: string,
    namespace: string,
    bounds: IdBounds,
    nextId?: string,
  ) {
    this.#reads = reads
    this.#threadId = threadId
    this.#namespace = namespace
    this.#bounds = bounds
    this.#nextId = nextId
  }

  /** The id of the next checkpoint, as far as it is known without another fetch. */
  get nextId(): string | undefined {
    return this.#nextId
  }

  /** Whether nothing is at hand and there may be more. */
  get needsPage(): boolean {
    return this.#page.length === 0 && !this.#isExhausted
  }

  /** The next checkpoint of what was fetched. */
  take(): StoredCheckpoint | undefined {
    const taken = this.#page.pop()
    this.#nextId = this.#page.at(-1)?.id
    return taken
  }

  /** Fetches the next page: one round trip. */
  async fetch(limit: number, options: CallOptions): Promise<void> {
    const range = { ...this.#bounds, limit }
    const page = await this.#reads.read(this.#threadId, this.#namespace, range, options)
    this.#page = page.toReversed()
    this.#nextId = page[0]?.id
    this.#isExhausted = page.length < limit
    const oldest = page.at(-1)?.id
    // Paged by id and not by offset, so that checkpoints put meanwhile are neither repeated nor in the way.
    if (oldest !== undefined) this.#bounds = { ...this.#bounds, until: oldest }
  }
}
