import type { RunnableConfig } from '@langchain/core/runnables'
import { getCheckpointId } from '@langchain/langgraph-checkpoint'

/** Which checkpoints a config speaks of. What is `undefined` is left open. */
export interface Address {
  readonly threadId: string | undefined
  readonly namespace: string | undefined
  readonly checkpointId: string | undefined
}

/** The three ids, and nothing else of the config. An empty checkpoint id means none. */
export function addressOf(config: RunnableConfig): Address {
  const threadId: unknown = config.configurable?.['thread_id']
  const namespace: unknown = config.configurable?.['checkpoint_ns']
  const checkpointId: unknown = getCheckpointId(config)
  return {
    threadId: threadId === undefined ? undefined : textOf('thread_id', threadId),
    namespace: namespace === undefined ? undefined : textOf('checkpoint_ns', namespace),
    checkpointId: checkpointId === '' ? undefined : textOf('checkpoint_id', checkpointId),
  }
}

export function configOf(threadId: string, namespace: string, checkpointId: string): RunnableConfig {
  return { configurable: { thread_id: threadId, checkpoint_ns: namespace, checkpoint_id: checkpointId } }
}

export function textOf(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`${name} must be a string`)
  return value
}
