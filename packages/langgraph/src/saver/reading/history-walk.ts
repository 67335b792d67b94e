import { BoundedMap } from '../../bounds/bounded-map.js'
import type { StoredCheckpoint } from './stored-checkpoint.js'

/**
 * The checkpoints of one namespace that one listing has read. LangGraph asks for the history of each checkpoint of a
 * listing, and the histories of two neighbours are the same but for one step: what was read for the one serves the other.
 * The writes of an ancestor are settled, for its child was made of them.
 */
export class HistoryWalk {
  readonly #seen: BoundedMap<string, StoredCheckpoint>

  constructor(maxBytes: number) {
    this.#seen = new BoundedMap(maxBytes)
  }

  get(checkpointId: string): StoredCheckpoint | undefined {
    return this.#seen.peek(checkpointId)
  }

  /** It goes down, so those that it saw first are those it needs least. */
  add(stored: StoredCheckpoint): void {
    this.#seen.set(stored.id, stored, stored.costBytes)
  }
}

/** One way down: what it has read last is at hand, whatever else is remembered. */
export class Descent {
  readonly #walk: HistoryWalk | undefined
  #page: ReadonlyMap<string, StoredCheckpoint> = new Map()

  constructor(walk: HistoryWalk | undefined) {
    this.#walk = walk
  }

  get(checkpointId: string): StoredCheckpoint | undefined {
    return this.#page.get(checkpointId) ?? this.#walk?.get(checkpointId)
  }

  turnTo(page: readonly StoredCheckpoint[]): void {
    this.#page = new Map(page.map((stored) => [stored.id, stored]))
    for (const stored of page) this.#walk?.add(stored)
  }
}

/** The walks of one listing. */
export class HistoryWalks {
  readonly #walks = new Map<string, HistoryWalk>()
  readonly #maxBytes: number

  /** `maxBytes`: of each of them. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The walk of a checkpoint's namespace; the checkpoint itself is in it. */
  through(stored: StoredCheckpoint): HistoryWalk {
    const name = JSON.stringify([stored.threadId, stored.namespace])
    const walk = this.#walks.get(name) ?? new HistoryWalk(this.#maxBytes)
    this.#walks.set(name, walk)
    walk.add(stored)
    return walk
  }
}
