import type { StoredCheckpoint } from './stored-checkpoint.js'

/** How many checkpoints a walk remembers. It goes down, so those that it saw first are those it needs least. */
const MAX_CHECKPOINTS = 1024

/**
 * The checkpoints of one namespace that one listing has read. LangGraph asks for the history of each checkpoint of a
 * listing, and the histories of two neighbours are the same but for one step: what was read for the one serves the other.
 * The writes of an ancestor are settled, for its child was made of them.
 */
export class HistoryWalk {
  readonly #seen = new Map<string, StoredCheckpoint>()

  get(checkpointId: string): StoredCheckpoint | undefined {
    return this.#seen.get(checkpointId)
  }

  add(stored: StoredCheckpoint): void {
    this.#seen.set(stored.id, stored)
    if (this.#seen.size > MAX_CHECKPOINTS) this.#seen.delete(this.#seen.keys().next().value as string)
  }
}

/** The walks of one listing. */
export class HistoryWalks {
  readonly #walks = new Map<string, HistoryWalk>()

  /** The walk of a checkpoint's namespace; the checkpoint itself is in it. */
  through(stored: StoredCheckpoint): HistoryWalk {
    const name = JSON.stringify([stored.threadId, stored.namespace])
    const walk = this.#walks.get(name) ?? new HistoryWalk()
    this.#walks.set(name, walk)
    walk.add(stored)
    return walk
  }
}
