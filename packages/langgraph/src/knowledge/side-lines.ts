import type { SeenHead } from './seen-head.js'

const MAX_LINES = 1024

/**
 * The last checkpoints of forks that this process makes and that are not the head: the clock of its server is behind, so
 * their ids are smaller. A run that goes on from one of them goes on from its own work, and is in nobody's way.
 */
export class SideLines {
  /** By thread, namespace and checkpoint; the newest last. */
  readonly #ends = new Set<string>()

  has(threadId: string, namespace: string, checkpointId: string | undefined): boolean {
    return checkpointId !== undefined && this.#ends.has(nameOf(threadId, namespace, checkpointId))
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
    this.#ends.add(nameOf(threadId, namespace, id))
    if (this.#ends.size > MAX_LINES) this.#ends.delete(this.#ends.values().next().value as string)
  }
}

function nameOf(...names: readonly [threadId: string, namespace: string, checkpointId: string]): string {
  return JSON.stringify(names)
}
