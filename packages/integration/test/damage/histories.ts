import { AIMessage, type BaseMessage, HumanMessage } from '@langchain/core/messages'
import { Annotation, Command, MessagesAnnotation, START, StateGraph, interrupt } from '@langchain/langgraph'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import { threadConfig } from '../../src/graphs.js'

const InnerState = Annotation.Root({ verdict: Annotation<string>, asked: Annotation<string> })

const State = Annotation.Root({
  ...MessagesAnnotation.spec,
  verdict: Annotation<string>,
  asked: Annotation<string>,
  /** Larger than what one member carries. */
  attachment: Annotation<string>,
})

/** Answers, has a subgraph ask a question at an interrupt, and notes what was decided. */
export function damagedGraph(checkpointer: BaseCheckpointSaver) {
  const inner = new StateGraph(InnerState)
    .addNode('ask', () => ({ verdict: interrupt('Shall I?') as string }))
    .addNode('note', ({ verdict }) => ({ asked: `asked, and got ${verdict}` }))
    .addEdge(START, 'ask')
    .addEdge('ask', 'note')
    .compile()
  return new StateGraph(State)
    .addNode('answer', ({ messages }) => ({
      messages: [new AIMessage({ id: `a${messages.length}`, content: `answer ${messages.length}` })],
    }))
    .addNode('inner', inner)
    .addEdge(START, 'answer')
    .addEdge('answer', 'inner')
    .compile({ checkpointer })
}

/** How a thread came about. */
export interface History {
  readonly name: string
  /** Plays it into a thread. */
  readonly play: (saver: BaseCheckpointSaver, threadId: string) => Promise<void>
}

function longList(length: number): BaseMessage[] {
  return Array.from({ length }, (_, at) => new HumanMessage({ id: `m${at}`, content: `message ${at}` }))
}

/** The kinds of threads, each with what the others lack. */
export const histories: readonly History[] = [
  {
    name: 'a long list, in packs and branches, forked',
    play: async (saver, threadId) => {
      const graph = damagedGraph(saver)
      const config = threadConfig(threadId)
      await graph.invoke({ messages: longList(400) }, config)
      await graph.invoke(new Command({ resume: 'yes' }), config)
      const before = await graph.getState(config)
      await graph.updateState(before.config, {
        messages: [new HumanMessage({ id: 'fork', content: 'another way' })],
      })
      await graph.updateState(before.config, { verdict: 'no' })
    },
  },
  {
    name: 'a value in several parts, and too large for one script',
    play: async (saver, threadId) => {
      const graph = damagedGraph(saver)
      const config = threadConfig(threadId)
      await graph.invoke({ messages: longList(3), attachment: 'part '.repeat(120_000) }, config)
    },
  },
  {
    name: 'pending writes at an interrupt in a namespace',
    play: async (saver, threadId) => {
      const graph = damagedGraph(saver)
      const config = threadConfig(threadId)
      await graph.invoke({ messages: longList(20) }, config)
      await graph.invoke(new Command({ resume: 'go on' }), config)
      await graph.invoke({ messages: [new HumanMessage({ id: 'next', content: 'and now?' })] }, config)
    },
  },
]

/** A thread that is small enough to be damaged in every way. */
export const smallHistory: History = {
  name: 'a small thread',
  play: async (saver, threadId) => {
    await damagedGraph(saver).invoke({ messages: longList(6) }, threadConfig(threadId))
  },
}
