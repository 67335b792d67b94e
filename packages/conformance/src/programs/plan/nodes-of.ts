import type { Act, LayeredPlan, NodePlan, Subgraph } from './graph-plan.js'

/** Returns all nodes of a graph and of its subgraphs. */
export function nodesOf({ layers }: LayeredPlan): NodePlan[] {
  return layers.flatMap(({ nodes }) =>
    nodes.flatMap((node) => [node, ...subgraphsOf(node).flatMap(({ graph }) => nodesOf(graph))]),
  )
}

/** Returns the subgraphs that a node is or calls. */
export function subgraphsOf(node: NodePlan): Subgraph[] {
  if (node.kind === 'subgraph') return [node]
  return node.acts.flatMap((act) => (act.act === 'call' ? [act.subgraph] : []))
}

/** Returns all acts of the functions of a graph and of its subgraphs. */
export function actsOf(graph: LayeredPlan): Act[] {
  return nodesOf(graph).flatMap((node) => (node.kind === 'function' ? node.acts : []))
}
