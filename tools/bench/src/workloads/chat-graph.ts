import { AIMessage, type BaseMessage, HumanMessage } from '@langchain/core/messages'
import { MessagesAnnotation, START, StateGraph } from '@langchain/langgraph'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import { texts } from './text.js'

/** What is said in a chat: the message at every place of the thread. */
export class Script {
  readonly #texts: readonly string[]

  constructor(seed: number, length: number, turns: number) {
    this.#texts = texts(seed, length, 2 * turns)
  }

  question(turn: number): { messages: BaseMessage[] } {
    return { messages: [new HumanMessage(this.#at(2 * turn))] }
  }

  /** The answer of a model that has seen so many messages. */
  answer(seen: number): AIMessage {
    return new AIMessage(this.#at(seen))
  }

  /** The thread after so many turns. */
  messages(turns: number): BaseMessage[] {
    return this.#texts
      .slice(0, 2 * turns)
      .map((text, at) => (at % 2 === 0 ? new HumanMessage(text) : new AIMessage(text)))
  }

  #at(index: number): string {
    const text = this.#texts[index]
    if (text === undefined) throw new RangeError(`The script has no message ${index}`)
    return text
  }
}

type OnThread = ReturnType<typeof onThread>

export interface ChatGraph {
  invoke(
    input: { messages: BaseMessage[] },
    config: { configurable: { thread_id: string; checkpoint_id?: string | undefined } },
  ): Promise<unknown>
  updateState(config: OnThread, values: { messages: BaseMessage[] }, asNode: string): Promise<unknown>
}

/** A chat of one node, whose model answers at once with what the script says. */
export function chatGraph(checkpointer: BaseCheckpointSaver, script: Script): ChatGraph {
  return new StateGraph(MessagesAnnotation)
    .addNode('answer', ({ messages }) => ({ messages: [script.answer(messages.length)] }))
    .addEdge(START, 'answer')
    .compile({ checkpointer })
}

export function onThread(thread: string): { configurable: { thread_id: string } } {
  return { configurable: { thread_id: thread } }
}
