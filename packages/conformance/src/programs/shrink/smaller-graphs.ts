import type { ChannelName } from '../plan/channel.js'
import type { GraphPlan, LayerPlan, LayeredPlan, NodePlan } from '../plan/graph-plan.js'

/** Graphs with something left out, the greatest leaps first. */
export function* smallerGraphs(graph: GraphPlan): Generator<GraphPlan> {
  for (const layered of smallerLayers(graph)) yield { ...graph, ...layered }
  for (const channel of graph.channels) {
    if (channel !== 'log' && channel !== 'count') yield withoutChannel(graph, channel)
  }
  if (graph.interruptBefore.length > 0) yield { ...graph, interruptBefore: graph.interruptBefore.slice(1) }
  if (graph.interruptAfter.length > 0) yield { ...graph, interruptAfter: graph.interruptAfter.slice(1) }
}

function* smallerLayers(graph: LayeredPlan): Generator<LayeredPlan> {
  const { layers } = graph
  if (graph.loops) yield { ...graph, loops: false }
  for (const at of layers.keys()) {
    if (layers.length > 1) yield { ...graph, layers: layers.filter((_layer, position) => position !== at) }
  }
  for (const [at, layer] of layers.entries()) {
    for (const smaller of smallerLayer(layer)) yield { ...graph, layers: layers.with(at, smaller) }
  }
}

function* smallerLayer(layer: LayerPlan): Generator<LayerPlan> {
  const { nodes } = layer
  if (layer.link !== 'all') yield { ...layer, link: 'all' }
  for (const at of nodes.keys()) {
    if (nodes.length > 1) yield { ...layer, nodes: nodes.filter((_node, position) => position !== at) }
  }
  for (const [at, node] of nodes.entries()) {
    for (const smaller of smallerNode(node)) yield { ...layer, nodes: nodes.with(at, smaller) }
  }
}

function* smallerNode(node: NodePlan): Generator<NodePlan> {
  if (node.kind === 'subgraph') {
    yield { kind: 'function', name: node.name, acts: [], attempts: 1, isRescued: false }
    for (const graph of smallerLayers(node.graph)) yield { ...node, graph }
    return
  }
  for (const at of node.acts.keys())
    yield { ...node, acts: node.acts.filter((_act, position) => position !== at) }
  for (const [at, act] of node.acts.entries()) {
    if ('times' in act && act.times > 1) yield { ...node, acts: node.acts.with(at, { ...act, times: 1 }) }
    if (act.act !== 'call') continue
    for (const graph of smallerLayers(act.subgraph.graph)) {
      yield { ...node, acts: node.acts.with(at, { ...act, subgraph: { ...act.subgraph, graph } }) }
    }
  }
  if (node.attempts > 1) yield { ...node, attempts: 1 }
  if (node.isRescued) yield { ...node, isRescued: false }
}

function withoutChannel(graph: GraphPlan, channel: ChannelName): GraphPlan {
  const layers = (layered: LayeredPlan): LayeredPlan => ({
    ...layered,
    layers: layered.layers.map((layer) => ({
      ...layer,
      nodes: layer.nodes.map((node): NodePlan => {
        if (node.kind === 'subgraph') return { ...node, graph: layers(node.graph) }
        const acts = node.acts.filter((act) =>
          act.act === 'write'
            ? act.write.channel !== channel
            : act.act !== 'change' || act.channel !== channel,
        )
        return { ...node, acts }
      }),
    })),
  })
  return { ...graph, ...layers(graph), channels: graph.channels.filter((each) => each !== channel) }
}
