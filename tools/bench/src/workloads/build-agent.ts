import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { BaseMessage } from '@langchain/core/messages'
import type { StructuredToolInterface } from '@langchain/core/tools'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import { createReactAgent } from '@langchain/langgraph/prebuilt'

export interface Agent {
  invoke(
    input: { messages: BaseMessage[] },
    config: { configurable: { thread_id: string } },
  ): Promise<unknown>
}

/**
 * `createAgent` of `langchain`, or where that is not installed the `createReactAgent` that it grew from: both make the
 * same calls of a saver.
 */
export async function buildAgent(
  model: BaseChatModel,
  tools: StructuredToolInterface[],
  checkpointer: BaseCheckpointSaver,
): Promise<Agent> {
  const createAgent = await loadCreateAgent()
  if (createAgent !== undefined) return createAgent({ model, tools, checkpointer })
  return createReactAgent({ llm: model, tools, checkpointSaver: checkpointer, version: 'v2' })
}

type CreateAgent = (typeof import('../../peers/langchain.js'))['createAgent']

async function loadCreateAgent(): Promise<CreateAgent | undefined> {
  try {
    return (await import('../../peers/langchain.js')).createAgent
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}
