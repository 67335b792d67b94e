import type { ChannelName } from '../plan/channel.js'
import type { GraphPlan, LayerPlan, LayeredPlan, NodePlan } from '../plan/graph-plan.js'
import { nodesOf } from '../plan/nodes-of.js'
import type { Program } from '../plan/program.js'
import type { RunStep, Step } from '../plan/step.js'

/**
 * Programs with something left out or made plain, the greatest leaps first. `at` is the step that differs: what comes
 * behind it matters to nobody.
 */
export function* smallerPrograms(program: Program, at: number): Generator<Program> {
  const { steps, graph } = program
  if (at < steps.length - 1) yield { ...program, steps: steps.slice(0, at + 1) }
  for (let leftOut = at - 1; leftOut >= 0; leftOut--) {
    yield { ...program, steps: steps.filter((_step, position) => position !== leftOut) }
  }
  for (const smaller of smallerGraphs(graph)) {
    const candidate = { ...program, graph: smaller }
    if (isSound(candidate)) yield candidate
  }
  for (const [position, step] of steps.entries()) {
    for (const plainer of plainerSteps(step)) yield { ...program, steps: steps.with(position, plainer) }
  }
  const [first] = steps
  if (first !== undefined && steps.some(({ saver }) => saver !== first.saver)) {
    for (const { saver } of steps) yield { ...program, steps: steps.map((step) => ({ ...step, saver })) }
  }
}

function* smallerGraphs(graph: GraphPlan): Generator<GraphPlan> {
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
    for (const smaller of smallerLayer(layer, at === 0)) yield { ...graph, layers: layers.with(at, smaller) }
  }
}

function* smallerLayer(layer: LayerPlan, isFirst: boolean): Generator<LayerPlan> {
  const { nodes } = layer
  if (layer.link !== 'all' && !(isFirst && nodes.length === 0)) yield { ...layer, link: 'all' }
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
  for (const at of node.acts.keys()) yield { ...node, acts: node.acts.filter((_act, position) => position !== at) }
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
          act.act === 'write' ? act.write.channel !== channel : act.act !== 'change' || act.channel !== channel,
        )
        return { ...node, acts }
      }),
    })),
  })
  return { ...graph, ...layers(graph), channels: graph.channels.filter((each) => each !== channel) }
}

function* plainerSteps(step: Step): Generator<Step> {
  if ('place' in step && step.place !== undefined) {
    const { place, ...rest } = step
    yield rest as Step
    if (place.nth > 0) yield { ...step, place: { ...place, nth: place.nth - 1 } }
    if (place.as !== 'address') yield { ...step, place: { ...place, as: 'address' } }
  }
  if (step.do === 'run') yield* plainerRuns(step) as Generator<Step>
  if (step.do === 'update' && step.update.writes !== null && step.update.writes.length > 0) {
    yield { ...step, update: { ...step.update, writes: step.update.writes.slice(1) } }
  }
  if (step.do === 'bulk update' && step.supersteps.length > 1) {
    for (const at of step.supersteps.keys()) {
      yield { ...step, supersteps: step.supersteps.filter((_each, position) => position !== at) }
    }
  }
  if (step.do === 'state' && step.subgraphs) yield { ...step, subgraphs: false }
}

function* plainerRuns(step: RunStep): Generator<RunStep> {
  for (const option of ['stop', 'stream', 'durability', 'interruptBefore'] as const) {
    if (step[option] === undefined) continue
    const { [option]: _leftOut, ...rest } = step
    yield rest
  }
  const { input, stream } = step
  if ('writes' in input && input.writes.length > 0) {
    for (const at of input.writes.keys()) {
      yield { ...step, input: { ...input, writes: input.writes.filter((_write, position) => position !== at) } }
    }
  }
  if (stream !== undefined && stream.modes.length > 1) {
    for (const mode of stream.modes) yield { ...step, stream: { ...stream, modes: [mode] } }
  }
}

/** Whether what a program names is there: nodes that are gone cannot be gone to. */
function isSound({ graph, steps }: Program): boolean {
  const names = new Set([...nodesOf(graph).map(({ name }) => name), '__end__', '__input__', '__copy__'])
  const [first] = graph.layers
  if (first !== undefined && (first.link === 'goto' || first.link === 'join')) return false
  const named = [
    ...graph.interruptBefore,
    ...graph.interruptAfter,
    ...nodesOf(graph).flatMap((node) =>
      node.kind === 'function' ? node.acts.flatMap((act) => (act.act === 'leave' && act.goto ? [act.goto] : [])) : [],
    ),
    ...steps.flatMap(namedBy),
  ]
  const hasChannels = steps.every((step) =>
    writesOf(step).every(({ channel }) => graph.channels.includes(channel as ChannelName)),
  )
  return hasChannels && named.every((name) => names.has(name))
}

function namedBy(step: Step): string[] {
  switch (step.do) {
    case 'run': {
      const goto = step.input.kind === 'command' ? step.input.goto : undefined
      return [goto, step.stop?.node, ...(step.interruptBefore ?? [])].filter((name) => name !== undefined)
    }
    case 'update':
      return step.update.asNode === undefined ? [] : [step.update.asNode]
    case 'bulk update':
      return step.supersteps.flat().flatMap(({ asNode }) => (asNode === undefined ? [] : [asNode]))
    case 'state':
    case 'history':
    case 'list':
    case 'delete':
      return []
  }
}

function writesOf(step: Step): readonly { readonly channel: string }[] {
  switch (step.do) {
    case 'run':
      return 'writes' in step.input ? step.input.writes : []
    case 'update':
      return step.update.writes ?? []
    case 'bulk update':
      return step.supersteps.flat().flatMap(({ writes }) => writes ?? [])
    case 'state':
    case 'history':
    case 'list':
    case 'delete':
      return []
  }
}
