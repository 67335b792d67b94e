import { Annotation, END, START, Send, StateGraph } from '@langchain/langgraph'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import type {
  FunctionNode,
  GraphPlan,
  LayerPlan,
  LayeredPlan,
  NodePlan,
  Subgraph,
  SubgraphCheckpointer,
} from '../plan/graph-plan.js'
import { type ChannelDefinitions, channelsOf, outputChannelsOf } from './channels.js'
import type { CompiledGraph } from './compiled-graph.js'
import { digestOf, numberOf } from './digest.js'
import { type Executions, RETRY_PAUSE_MS } from './executions.js'
import { type Callable, nodeBody, rescueOf } from './node-body.js'
import type { State } from './values.js'

/** `StateGraph` without the types of a state that is only known when the program runs. */
interface Builder {
  addNode(name: string, action: unknown, options?: object): unknown
  addEdge(from: string | string[], to: string): unknown
  addConditionalEdges(from: string, route: (state: State) => unknown, targets: string[]): unknown
  compile(options: object): CompiledGraph & Callable
}

/** A graph that is built once and compiled for each saver. */
export interface BuiltGraph {
  compile(checkpointer: BaseCheckpointSaver): CompiledGraph
}

/** How many packets a layer is sent at the most. */
const MOST_PACKETS = 3

export function buildGraph(plan: GraphPlan, executions: Executions): BuiltGraph {
  const channels = channelsOf(plan)
  const builder = builderOf(plan, { channels, output: channels, executions })
  const { interruptBefore, interruptAfter } = plan
  const interrupts = {
    ...(interruptBefore.length === 0 ? {} : { interruptBefore: [...interruptBefore] }),
    ...(interruptAfter.length === 0 ? {} : { interruptAfter: [...interruptAfter] }),
  }
  return { compile: (checkpointer) => builder.compile({ checkpointer, ...interrupts }) }
}

interface Materials {
  readonly channels: ChannelDefinitions
  readonly output: ChannelDefinitions
  readonly executions: Executions
}

function builderOf(plan: LayeredPlan, materials: Materials): Builder {
  const state = Annotation.Root(materials.channels)
  const output = Annotation.Root(materials.output)
  const builder = new StateGraph(state, { output }) as unknown as Builder
  for (const [at, layer] of plan.layers.entries()) {
    for (const node of layer.nodes) addNode(builder, node, plan.layers[at + 1], materials)
  }
  for (const [at, layer] of plan.layers.entries()) connect(builder, plan.layers[at - 1], layer)
  close(builder, plan)
  return builder
}

function addNode(builder: Builder, node: NodePlan, next: LayerPlan | undefined, materials: Materials): void {
  if (node.kind === 'subgraph') {
    builder.addNode(node.name, compileSubgraph(node, materials))
    return
  }
  const gotos = next?.link === 'goto' ? namesOf(next) : undefined
  const callables = node.acts.flatMap((act) =>
    act.act === 'call' ? [compileSubgraph(act.subgraph, materials)] : [],
  )
  const body = nodeBody(node, { executions: materials.executions, gotos, callables })
  builder.addNode(node.name, body, { ...policiesOf(node), ...(gotos === undefined ? {} : { ends: gotos }) })
}

function policiesOf(node: FunctionNode): object {
  const retryPolicy = {
    maxAttempts: node.attempts,
    initialInterval: RETRY_PAUSE_MS,
    backoffFactor: 1,
    jitter: false,
    logWarning: false,
  }
  return {
    ...(node.attempts > 1 ? { retryPolicy } : {}),
    ...(node.isRescued ? { errorHandler: rescueOf(node) } : {}),
  }
}

function compileSubgraph({ checkpointer, graph }: Subgraph, materials: Materials): CompiledGraph & Callable {
  const output = outputChannelsOf(materials.channels)
  return builderOf(graph, { ...materials, output }).compile(checkpointerOf(checkpointer))
}

function checkpointerOf(kind: SubgraphCheckpointer): { checkpointer?: boolean } {
  switch (kind) {
    case 'inherits':
      return {}
    case 'own':
      return { checkpointer: true }
    case 'none':
      return { checkpointer: false }
  }
}

/** The ways from one layer, or from the start, to the next. */
function connect(builder: Builder, before: LayerPlan | undefined, layer: LayerPlan): void {
  const froms = before === undefined ? [START] : edgedNodesOf(before, layer)
  const tos = namesOf(layer)
  switch (layer.link) {
    case 'join':
      if (froms.length > 1) for (const to of tos) builder.addEdge([...froms], to)
      else connectAll(builder, froms, tos)
      return
    case 'choose':
      for (const from of froms)
        builder.addConditionalEdges(from, (state) => choice(tos, state), [...tos, END])
      return
    case 'send':
      for (const from of froms) builder.addConditionalEdges(from, (state) => packets(from, tos, state), tos)
      return
    case 'all':
    case 'goto':
      connectAll(builder, froms, tos)
  }
}

function connectAll(builder: Builder, froms: readonly string[], tos: readonly string[]): void {
  for (const from of froms) for (const to of tos) builder.addEdge(from, to)
}

/** Nodes that return a Command need no edge. */
function edgedNodesOf(before: LayerPlan, layer: LayerPlan): string[] {
  const nodes = layer.link === 'goto' ? before.nodes.filter(({ kind }) => kind === 'subgraph') : before.nodes
  return nodes.map(({ name }) => name)
}

function close(builder: Builder, { layers, loops }: LayeredPlan): void {
  const first = layers[0]
  const last = layers.at(-1)
  if (first === undefined || last === undefined) return
  const again = namesOf(first)
  for (const from of namesOf(last)) {
    if (loops) builder.addConditionalEdges(from, (state) => goesOn(state, again), [...again, END])
    else builder.addEdge(from, END)
  }
}

/** Some of the nodes, or the end. */
function choice(names: readonly string[], state: State): string[] {
  const number = numberOf(digestOf(state), 2 ** names.length)
  const chosen = names.filter((_name, at) => (number & (1 << at)) !== 0)
  return chosen.length === 0 ? [END] : chosen
}

function packets(from: string, tos: readonly string[], state: State): unknown[] {
  const digest = digestOf(state)
  const [worker, ...others] = tos
  if (worker === undefined) return others
  const sends = Array.from({ length: 1 + numberOf(digest, MOST_PACKETS) }, (_each, at) => {
    const args = { log: [`packet ${at} of ${from} ${digest}`], count: at }
    return new Send(worker, args)
  })
  return [...sends, ...others]
}

/** One time in three, so that a loop ends by itself. */
function goesOn(state: State, again: readonly string[]): string[] {
  return numberOf(digestOf(state), 3) === 0 ? [...again] : [END]
}

function namesOf({ nodes }: LayerPlan): string[] {
  return nodes.map(({ name }) => name)
}
