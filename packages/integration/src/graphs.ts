import { HumanMessage, AIMessage, type BaseMessage } from '@langchain/core/messages'
import {
  Annotation,
  type BaseCheckpointSaver,
  MessagesAnnotation,
  Send,
  START,
  StateGraph,
  interrupt,
} from '@langchain/langgraph'

/** A chat of one node, whose answers count the messages it has seen. */
export function chatGraph(checkpointer: BaseCheckpointSaver) {
  return new StateGraph(MessagesAnnotation)
    .addNode('answer', ({ messages }) => ({ messages: [new AIMessage(`answer ${messages.length}`)] }))
    .addEdge(START, 'answer')
    .compile({ checkpointer })
}

const ReviewState = Annotation.Root({
  draft: Annotation<string>,
  log: Annotation<string[]>({ reducer: (left, right) => left.concat(right), default: () => [] }),
  verdict: Annotation<string>,
})

/** Writes a draft, waits at an interrupt for a verdict, publishes. */
export function reviewGraph(checkpointer: BaseCheckpointSaver) {
  return new StateGraph(ReviewState)
    .addNode('write', ({ draft }) => ({ draft: `${draft}!`, log: ['written'] }))
    .addNode('review', ({ draft }) => {
      const verdict: string = interrupt({ question: `Publish ${draft}?` })
      return { verdict, log: [`reviewed: ${verdict}`] }
    })
    .addNode('publish', ({ draft, verdict }) => ({ log: [`published ${draft} as ${verdict}`] }))
    .addEdge(START, 'write')
    .addEdge('write', 'review')
    .addEdge('review', 'publish')
    .compile({ checkpointer })
}

const FanState = Annotation.Root({
  items: Annotation<number[]>,
  item: Annotation<number>,
  results: Annotation<number[]>({ reducer: (left, right) => left.concat(right), default: () => [] }),
})

/** Sends every item to a worker of its own and collects the squares. */
export function fanOutGraph(checkpointer: BaseCheckpointSaver) {
  return new StateGraph(FanState)
    .addNode('plan', () => ({}))
    .addNode('work', ({ item }) => ({ results: [item * item] }))
    .addEdge(START, 'plan')
    .addConditionalEdges('plan', ({ items }) => items.map((item) => new Send('work', { item })), ['work'])
    .compile({ checkpointer })
}

/** A graph whose one node is a subgraph that waits at an interrupt. */
export function nestedGraph(checkpointer: BaseCheckpointSaver) {
  const inner = new StateGraph(ReviewState)
    .addNode('ask', () => ({ verdict: interrupt('inner?') as string, log: ['asked'] }))
    .addNode('note', ({ verdict }) => ({ log: [`noted ${verdict}`] }))
    .addEdge(START, 'ask')
    .addEdge('ask', 'note')
    .compile()
  return new StateGraph(ReviewState)
    .addNode('inner', inner)
    .addNode('after', () => ({ log: ['after'] }))
    .addEdge(START, 'inner')
    .addEdge('inner', 'after')
    .compile({ checkpointer })
}

export function threadConfig(threadId: string): { configurable: { thread_id: string } } {
  return { configurable: { thread_id: threadId } }
}

export function human(text: string): { messages: BaseMessage[] } {
  return { messages: [new HumanMessage(text)] }
}

export function textsOf(messages: readonly BaseMessage[]): string[] {
  return messages.map((message) => message.text)
}
