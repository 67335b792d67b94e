import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { HumanMessage } from '@langchain/core/messages'
import {
  type BaseCheckpointSaver,
  MessagesAnnotation,
  START,
  StateGraph,
  type StateSnapshot,
} from '@langchain/langgraph'

/** A chat agent that remembers each thread, as long as its checkpointer does. */
export interface ChatAgent {
  /** Says something in a thread and resolves to the answer. A thread begins with the first thing said in it. */
  say(threadId: string, text: string): Promise<string>
  /** The checkpoints of a thread, newest first. */
  history(threadId: string): Promise<StateSnapshot[]>
  /** Removes a thread with all its checkpoints. */
  forget(threadId: string): Promise<void>
}

/** Plain LangGraph: which checkpointer it is given makes no difference to an agent. */
export function createAgent(model: BaseChatModel, checkpointer: BaseCheckpointSaver): ChatAgent {
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('model', async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
    .addEdge(START, 'model')
    .compile({ checkpointer })
  const thread = (id: string) => ({ configurable: { thread_id: id } })

  return {
    async say(threadId, text) {
      const { messages } = await graph.invoke({ messages: [new HumanMessage(text)] }, thread(threadId))
      return messages.at(-1)?.text ?? ''
    },
    async history(threadId) {
      const snapshots: StateSnapshot[] = []
      for await (const snapshot of graph.getStateHistory(thread(threadId))) snapshots.push(snapshot)
      return snapshots
    },
    async forget(threadId) {
      await checkpointer.deleteThread(threadId)
    },
  }
}
