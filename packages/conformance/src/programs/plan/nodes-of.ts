import type { Act, LayeredPlan, NodePlan, Subgraph } from './graph-plan.js'

/** Every node of a graph, with those of its subgraphs. */
export function nodesOf({ layers }: LayeredPlan): NodePlan[] {
  return layers.flatMap(({ nodes }) =>
    nodes.flatMap((node) => [node, ...subgraphsOf(node).flatMap(({ graph }) => nodesOf(graph))]),
  )
}

/** The subgraphs that a node is, or calls. */
export function subgraphsOf(node: NodePlan): Subgraph[] {
  if (node.kind === 'subgraph') return [node]
  return node.acts.flatMap((act) => (act.act === 'call' ? [act.subgraph] : []))
}

/** All that the functions of a graph and of its subgraphs do. */
export function actsOf(graph: LayeredPlan): Act[] {
  return nodesOf(graph).flatMap((node) => (node.kind === 'function' ? node.acts : []))
}
