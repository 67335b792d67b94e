import type { RunnableConfig } from '@langchain/core/runnables'
import {
  BaseCheckpointSaver,
  type Checkpoint,
  type CheckpointMetadata,
  type CheckpointTuple,
} from '@langchain/langgraph-checkpoint'

/**
 * The floor: what LangGraph itself costs. Keeps the last tuple of every thread by reference, serializes nothing, and
 * forgets pending writes, so it has no history, no forks and no interrupts.
 */
export class DoesNothingSaver extends BaseCheckpointSaver {
  readonly #last = new Map<string, CheckpointTuple>()

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const last = this.#last.get(keyOf(config))
    return last === undefined ? undefined : { ...last, pendingWrites: [] }
  }

  // oxlint-disable-next-line require-yield
  override async *list(): AsyncGenerator<CheckpointTuple> {
    throw new Error('This saver keeps no history')
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
  ): Promise<RunnableConfig> {
    const { thread_id, checkpoint_ns = '', checkpoint_id } = config.configurable ?? {}
    const own = {
      configurable: { thread_id, checkpoint_ns, checkpoint_id: checkpoint.id } as Record<string, unknown>,
    }
    const parent = checkpoint_id === undefined ? {} : { parentConfig: config }
    this.#last.set(keyOf(config), { config: own, checkpoint, metadata, ...parent })
    return own
  }

  override async putWrites(): Promise<void> {}

  override async deleteThread(threadId: string): Promise<void> {
    for (const key of this.#last.keys()) {
      if (key.startsWith(`${threadId}\0`)) this.#last.delete(key)
    }
  }
}

function keyOf(config: RunnableConfig): string {
  return `${String(config.configurable?.['thread_id'])}\0${String(config.configurable?.['checkpoint_ns'] ?? '')}`
}
