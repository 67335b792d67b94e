import { createHash } from 'node:crypto'
import { AIMessage, HumanMessage } from '@langchain/core/messages'
import type { RunnableConfig } from '@langchain/core/runnables'
import { Annotation, MessagesAnnotation, START, Send, StateGraph } from '@langchain/langgraph'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import { token } from '../log/token.js'

/** Tasks of one step: the more, the more calls of `putWrites` are in flight together. */
const WORKERS = 3

const added = Annotation<string[]>({ reducer: (left, right) => left.concat(right), default: () => [] })

const ConversationState = Annotation.Root({
  ...MessagesAnnotation.spec,
  thread: Annotation<string>,
  turn: Annotation<number>,
  worker: Annotation<number>,
  /** A token for everything that was ever applied. Concatenated, so that what is applied twice stands there twice. */
  results: added,
  /** What the subgraph that keeps a memory of its own gave back. */
  notes: added,
})

interface Input extends Place {
  readonly messages: HumanMessage[]
}

interface Correction {
  readonly results: string[]
}

/** What a writer asks of the compiled graph. */
export interface Conversation {
  invoke(
    input: Input | null,
    config: RunnableConfig & { readonly durability: 'async' | 'sync' },
  ): Promise<unknown>
  getState(config: RunnableConfig): Promise<{ readonly next: readonly string[] }>
  getStateHistory(
    config: RunnableConfig,
    options: { readonly limit: number },
  ): AsyncIterable<{ readonly config: RunnableConfig }>
  updateState(config: RunnableConfig, values: Correction, asNode: 'answer'): Promise<unknown>
}

const Note = Annotation.Root({
  thread: Annotation<string>,
  turn: Annotation<number>,
  notes: Annotation<string[]>({ reducer: (_, right) => right, default: () => [] }),
  kept: added,
})

interface Place {
  readonly thread: string
  readonly turn: number
}

/**
 * A turn of an agent: a fan-out, a subgraph with a namespace of its own for each call, one that keeps its memory in a
 * namespace of the thread, and an answer. What a node says depends on the turn alone, so a node that runs again after a
 * failure says the same.
 */
export function conversation(checkpointer: BaseCheckpointSaver): Conversation {
  return new StateGraph(ConversationState)
    .addNode('plan', (state) => ({ results: [at(state, 'plan')] }))
    .addNode('work', (state) => ({ results: [at(state, `work-${state.worker}`)] }))
    .addNode('note', noteTaker(false), { defer: true })
    .addNode('recall', noteTaker(true))
    .addNode('answer', (state) => ({
      messages: [new AIMessage({ id: at(state, 'ai'), content: said(state, 'ai') })],
      results: [at(state, 'answer')],
    }))
    .addEdge(START, 'plan')
    .addConditionalEdges(
      'plan',
      ({ thread, turn }) =>
        Array.from({ length: WORKERS }, (_, worker) => new Send('work', { thread, turn, worker })),
      ['work'],
    )
    .addEdge('work', 'note')
    .addEdge('note', 'recall')
    .addEdge('recall', 'answer')
    .compile({ checkpointer })
}

/** What a person says in a turn. */
export function inputOf(thread: string, turn: number): Input {
  const place = { thread, turn }
  return { ...place, messages: [new HumanMessage({ id: at(place, 'human'), content: said(place, 'human') })] }
}

/** What is changed by hand at an older checkpoint. */
export function correctionOf(thread: string, turn: number): Correction {
  return { results: [at({ thread, turn }, 'fork')] }
}

function noteTaker(remembers: boolean) {
  const who = remembers ? 'recall' : 'note'
  const graph = new StateGraph(Note)
    .addNode('read', (state) => ({ kept: [at(state, `${who}-read`)] }))
    .addNode('keep', (state) => ({ kept: [said(state, `${who}-keep`)], notes: [at(state, who)] }))
    .addEdge(START, 'read')
    .addEdge('read', 'keep')
  return remembers ? graph.compile({ checkpointer: true }) : graph.compile()
}

function at({ thread, turn }: Place, who: string): string {
  return token(thread, turn, who)
}

/** The token and 200 more characters that only depend on it, and hold nothing to compress away. */
function said(place: Place, who: string): string {
  const begin = at(place, who)
  const filler = createHash('sha512').update(begin).digest('base64')
  return `${begin} ${filler}${filler.slice(0, 112)}`
}
