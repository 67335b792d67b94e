import type { ChannelName } from './channel.js'
import type { Act, FunctionNode, GraphPlan, NodePlan, Subgraph, SubgraphNode } from './graph-plan.js'
import type { Program } from './program.js'
import type { Action } from './step.js'

/** Makes a node with these acts, for a program written by hand. */
export function nodeOf(name: string, ...acts: readonly Act[]): FunctionNode {
  return { kind: 'function', name, acts, attempts: 1, isRescued: false }
}

/** Makes a subgraph whose nodes run one after the other. */
export function subgraphOf(
  name: string,
  checkpointer: Subgraph['checkpointer'],
  ...nodes: readonly NodePlan[]
): SubgraphNode {
  return { kind: 'subgraph', name, checkpointer, graph: { layers: nodes.map(layerOf), loops: false } }
}

/** Makes a graph whose nodes run one after the other, with these channels besides `log` and `count`. */
export function graphOf(nodes: readonly NodePlan[], ...channels: readonly ChannelName[]): GraphPlan {
  return {
    channels: ['log', 'count', ...channels],
    snapshotFrequency: 100,
    layers: nodes.map(layerOf),
    loops: false,
    interruptBefore: [],
    interruptAfter: [],
  }
}

/** Makes a program of actions on one thread with one saver. */
export function programOf(graph: GraphPlan, saver: string, ...actions: readonly Action[]): Program {
  return { seed: 0, graph, steps: actions.map((action) => ({ ...action, saver, thread: 'A' })) }
}

function layerOf(node: NodePlan): GraphPlan['layers'][number] {
  return { link: 'all', nodes: [node] }
}
