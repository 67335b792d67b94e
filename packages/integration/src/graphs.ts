import { HumanMessage, AIMessage, type BaseMessage } from '@langchain/core/messages'
import {
  Annotation,
  type BaseCheckpointSaver,
  END,
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

const LogState = Annotation.Root({
  log: Annotation<string[]>({ reducer: (all, more) => [...all, ...more], default: () => [] }),
})

/** A subgraph that keeps its own state from run to run, and asks a person each time. */
export function rememberingGraph(checkpointer: BaseCheckpointSaver) {
  const inner = new StateGraph(LogState)
    .addNode('note', () => ({ log: ['noted'] }))
    .addNode('ask', () => ({ log: [`heard ${interrupt('inner?') as string}`] }))
    .addEdge(START, 'note')
    .addEdge('note', 'ask')
    .compile({ checkpointer: true })
  return new StateGraph(LogState)
    .addNode('plan', () => ({ log: ['planned'] }))
    .addNode('inner', inner)
    .addEdge(START, 'plan')
    .addEdge('plan', 'inner')
    .compile({ checkpointer })
}

const ProfileState = Annotation.Root({
  profile: Annotation<{ visits?: number }>(),
  turns: Annotation<number>(),
})

/** A node that changes in place what it does not return, four times. */
export function visitingGraph(checkpointer: BaseCheckpointSaver) {
  return new StateGraph(ProfileState)
    .addNode('visit', async ({ profile, turns }) => {
      profile.visits = (profile.visits ?? 0) + 1
      // What was put before is on its way meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 5))
      return { turns: turns + 1 }
    })
    .addEdge(START, 'visit')
    .addConditionalEdges('visit', ({ turns }) => (turns < 4 ? 'visit' : END))
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
