/** What a thread holds, as far as it decides which of its checkpoints are kept: no values. */
export interface ThreadOutline {
  readonly namespaces: readonly NamespaceOutline[]
}

export interface NamespaceOutline {
  readonly namespace: string
  /** The checkpoint from which the next run continues. */
  readonly headId: string
  /** The largest id: its group says which checkpoint the head is. */
  readonly largestId: string
  /** What makes another one the head; the last element of its key. */
  readonly move: string | undefined
  /** In the order of their ids. */
  readonly checkpoints: readonly CheckpointOutline[]
  /** The ids of checkpoints of which there are pending writes alone. */
  readonly orphans: readonly string[]
}

export interface CheckpointOutline {
  readonly id: string
  readonly parentId: string | undefined
  /** By the process that made it, in milliseconds since 1970. */
  readonly timeMs: number
  /** How many pending writes it has. */
  readonly writes: number
  /** The checkpoint of the root graph in which it was made, by `metadata.parents`; `undefined`: it names none. */
  readonly rootId: string | undefined
  /** The run that made it, by its `run_id`. */
  readonly runId: string | undefined
  /** Delta channels whose value is not in it: it is made of that of an ancestor, and of the writes since then. */
  readonly unfinished: readonly string[]
  /** The channels whose values are in it. */
  readonly channels: ReadonlySet<string>
  /** Whether a part of it, the sends of format 3 and before, is among the pending writes of its parent. */
  readonly needsParent: boolean
}
