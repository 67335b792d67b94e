import type { RunnableConfig } from '@langchain/core/runnables'

interface Head {
  readonly headId: string
  readonly largestId: string
}

/** Which checkpoint of each namespace is the head, when it goes by cause and not by clocks. */
export class CausalHeads {
  /** By thread, and then by namespace. */
  readonly #heads = new Map<string, Map<string, Head>>()

  headOf(config: RunnableConfig): string | undefined {
    const { threadId, namespace } = placeOf(config)
    return this.#heads.get(threadId)?.get(namespace)?.headId
  }

  put(config: RunnableConfig, id: string): void {
    const { threadId, namespace, checkpointId } = placeOf(config)
    const ofThread = this.#heads.get(threadId) ?? new Map<string, Head>()
    this.#heads.set(threadId, ofThread)
    const known = ofThread.get(namespace)
    const isLargest = known === undefined || id > known.largestId
    const isHead = isLargest || known.headId === checkpointId
    ofThread.set(namespace, {
      headId: isHead ? id : known.headId,
      largestId: isLargest ? id : known.largestId,
    })
  }

  forget(threadId: string): void {
    this.#heads.delete(threadId)
  }
}

function placeOf({ configurable = {} }: RunnableConfig): {
  readonly threadId: string
  readonly namespace: string
  readonly checkpointId: unknown
} {
  return {
    threadId: String(configurable['thread_id']),
    namespace: String(configurable['checkpoint_ns'] ?? ''),
    checkpointId: configurable['checkpoint_id'],
  }
}
