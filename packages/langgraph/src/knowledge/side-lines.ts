import { BoundedMap } from '../bounds/bounded-map.js'
import { sizeOfText } from '../bounds/memory-size.js'
import type { SeenHead } from './seen-head.js'

const MAX_BYTES = 256 * 1024

/** What a name takes beyond its text. */
const PLACE_BYTES = 100

/**
 * The last checkpoints of forks that this process makes and that are not the head: the clock of its server is behind, so
 * their ids are smaller. A run that goes on from one of them goes on from its own work, and is in nobody's way.
 */
export class SideLines {
  /** By thread, namespace and checkpoint; the newest last. */
  readonly #ends = new BoundedMap<string, true>(MAX_BYTES)

  has(threadId: string, namespace: string, checkpointId: string | undefined): boolean {
    return checkpointId !== undefined && this.#ends.peek(nameOf(threadId, namespace, checkpointId)) === true
  }

  /** A checkpoint was put below `parentId` without a claim to be on the head, and this is the head then. */
  put(
    threadId: string,
    namespace: string,
    {
      id,
      parentId,
      head,
    }: { readonly id: string; readonly parentId: string | undefined; readonly head: SeenHead | undefined },
  ): void {
    if (parentId !== undefined) this.#ends.delete(nameOf(threadId, namespace, parentId))
    if (head === undefined || head.headId === id) return
    const name = nameOf(threadId, namespace, id)
    this.#ends.set(name, true, PLACE_BYTES + sizeOfText(name))
  }
}

function nameOf(...names: readonly [threadId: string, namespace: string, checkpointId: string]): string {
  return JSON.stringify(names)
}
