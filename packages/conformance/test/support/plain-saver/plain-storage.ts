/** A value as its serializer gave it: bytes, so that no two can share an object. */
export type Encoded = readonly [type: string, bytes: Uint8Array]

export type Version = number | string

export interface StoredCheckpoint {
  readonly id: string
  readonly parentId: string | undefined
  /** Of the run that put it. */
  readonly runId?: unknown
  /** Everything of the checkpoint but its values and versions. */
  readonly body: Encoded
  readonly metadata: Encoded
  readonly versions: ReadonlyMap<string, Version>
  readonly values: ReadonlyMap<string, Encoded>
}

export interface StoredWrite {
  readonly taskId: string
  readonly taskPath: string
  readonly index: number
  readonly channel: string
  readonly value: Encoded
}

/** What one namespace of a thread holds, by checkpoint id. Writes may come before their checkpoint. */
export interface Namespace {
  readonly checkpoints: Map<string, StoredCheckpoint>
  readonly writes: Map<string, readonly StoredWrite[]>
  /** The head, by the largest id that there was when it was put: for as long as that one is the largest. */
  readonly heads: Map<string, string>
}

const nothing: Namespace = { checkpoints: new Map(), writes: new Map(), heads: new Map() }

/** What the checkpointers of one harness share. */
export class PlainStorage {
  readonly threads: Map<string, Map<string, Namespace>> = new Map()

  /** To read from; empty when nothing is there. */
  namespace(threadId: string, namespace: string): Namespace {
    return this.threads.get(threadId)?.get(namespace) ?? nothing
  }

  /** To write to. */
  openNamespace(threadId: string, namespace: string): Namespace {
    const thread = this.threads.get(threadId) ?? new Map<string, Namespace>()
    const opened = thread.get(namespace) ?? { checkpoints: new Map(), writes: new Map(), heads: new Map() }
    this.threads.set(threadId, thread.set(namespace, opened))
    return opened
  }
}
