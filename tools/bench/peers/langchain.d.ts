import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { BaseMessage } from '@langchain/core/messages'
import type { StructuredToolInterface } from '@langchain/core/tools'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'

export declare function createAgent(options: {
  readonly model: BaseChatModel
  readonly tools: StructuredToolInterface[]
  readonly checkpointer: BaseCheckpointSaver
}): {
  invoke(
    input: { messages: BaseMessage[] },
    config: { configurable: { thread_id: string } },
  ): Promise<unknown>
}
