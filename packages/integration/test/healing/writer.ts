import type { CairnSaver, HealedEvent } from '@cairnkit/langgraph'
import type { RunnableConfig } from '@langchain/core/runnables'
import { type Checkpoint, emptyCheckpoint } from '@langchain/langgraph-checkpoint'

/** A process that writes to threads, and what it healed. */
export interface Writer {
  readonly saver: CairnSaver
  readonly healed: HealedEvent[]
}

const metadata = { source: 'loop' as const, step: 0, parents: {} }

/** Long enough to be an object of its own, and with a part that the whole thread shares. */
export function valueOf(id: string): unknown {
  return { text: `${id} `.repeat(100), shared: 'the same '.repeat(50) }
}

export function checkpoint(id: string): Checkpoint {
  const values = { own: valueOf(id), kept: ['kept '.repeat(60)] }
  return { ...emptyCheckpoint(), id, channel_values: values, channel_versions: { own: id, kept: 1 } as never }
}

/** Stores a checkpoint with a value of its own, and one that all of the thread share. */
export async function put(
  { saver }: Writer,
  threadId: string,
  id: string,
  parentId?: string,
  namespace = '',
): Promise<RunnableConfig> {
  const config = at(threadId, parentId, namespace)
  return await saver.put(config, checkpoint(id), metadata, {
    own: id,
    ...(parentId === undefined && { kept: 1 }),
  } as never)
}

export function at(threadId: string, id: string | undefined, namespace = ''): RunnableConfig {
  return {
    configurable: {
      thread_id: threadId,
      checkpoint_ns: namespace,
      ...(id === undefined ? {} : { checkpoint_id: id }),
    },
  }
}
