import { type ChannelName, changeableChannels } from '../plan/channel.js'
import type {
  Act,
  FunctionNode,
  GraphPlan,
  LayerPlan,
  LayeredPlan,
  Link,
  NodePlan,
  Subgraph,
  SubgraphCheckpointer,
} from '../plan/graph-plan.js'
import { ALWAYS } from '../plan/graph-plan.js'
import type { Dice } from './dice.js'
import { sharedChannels, someWrites } from './writes.js'

/** What a program is about; most programs have some of it only, so that they stay small. */
interface Themes {
  readonly asks: boolean
  readonly fails: boolean
  readonly changes: boolean
  readonly nests: boolean
}

/** What is known of the place that a node is made for. */
interface Setting {
  readonly dice: Dice
  readonly channels: readonly ChannelName[]
  readonly themes: Themes
  readonly nextName: () => string
  /** How many graphs this one is inside of. */
  readonly depth: number
  /** Whether other tasks may run at the same time as this node, or as a graph that it is inside of. */
  readonly isParallel: boolean
  /**
   * Whether tasks that use the saver may run at the same time. A failure ends them wherever they are, which depends on
   * how fast the saver is: so nothing fails there.
   */
  readonly isRaced: boolean
  /** Whether the same node may run twice at the same time: a subgraph with a state of its own cannot. */
  readonly isShared: boolean
}

const MOST_DEPTH = 2

export function generateGraph(dice: Dice): GraphPlan {
  const channels: ChannelName[] = [
    'log',
    'count',
    ...dice.some(['note', 'doc', 'facts'] as const, 0.45),
    ...dice.some(['messages'] as const, 0.45),
    ...dice.some(['events', 'chat'] as const, 0.3),
    ...dice.some(['scratch'] as const, 0.1),
  ]
  const themes: Themes = {
    asks: dice.chance(0.5),
    fails: dice.chance(0.35),
    changes: dice.chance(0.2),
    nests: dice.chance(0.6),
  }
  let names = 0
  const nextName = (): string => {
    names += 1
    return `n${names}`
  }
  const setting = {
    dice,
    channels,
    themes,
    nextName,
    depth: 0,
    isParallel: false,
    isRaced: false,
    isShared: false,
  }
  const layered = layersOf(setting)
  const functions = layered.layers.flatMap(({ nodes }) => nodes).map(({ name }) => name)
  const isStopped = dice.chance(0.12)
  return {
    channels,
    snapshotFrequency: dice.pick([1, 2, 3, 100]),
    ...withGotos(dice, layered),
    interruptBefore: isStopped ? dice.some(functions, 0.4) : [],
    interruptAfter: isStopped ? dice.some(functions, 0.3) : [],
  }
}

function layersOf(setting: Setting): LayeredPlan {
  const { dice, depth } = setting
  const count = depth === 0 ? dice.pick([1, 1, 2, 2, 3]) : dice.pick([1, 1, 1, 2])
  const layers: LayerPlan[] = []
  for (let at = 0; at < count; at++) layers.push(layerOf(setting, layers.at(-1)))
  return { layers, loops: dice.chance(0.12) && !setting.isRaced }
}

function layerOf(setting: Setting, before: LayerPlan | undefined): LayerPlan {
  const { dice } = setting
  const link = linkOf(dice, before)
  const sizes = setting.depth === 0 ? [1, 1, 1, 2, 2, 3] : [1, 1, 1, 2]
  const size = link === 'send' ? dice.pick([1, 1, 2]) : dice.pick(sizes)
  const isParallel = size > 1 || link === 'send'
  const subgraphs = Array.from({ length: size }, () => nestsHere(setting))
  const usesSaver = subgraphs.some(Boolean)
  const inside: Setting = {
    ...setting,
    isParallel: setting.isParallel || isParallel,
    isRaced: setting.isRaced || (isParallel && usesSaver),
  }
  const nodes = subgraphs.map((isSubgraph, at): NodePlan => {
    const isSent = link === 'send' && at === 0
    const here = { ...inside, isShared: inside.isShared || isSent }
    const writesAlone = at === 0 && !isSent
    return isSubgraph
      ? { kind: 'subgraph', name: setting.nextName(), ...subgraphOf(here) }
      : functionOf(here, writesAlone)
  })
  return { link, nodes }
}

function linkOf(dice: Dice, before: LayerPlan | undefined): Link {
  const link = dice.weighted<Link>({ all: 45, join: 15, choose: 14, send: 14, goto: 12 })
  if (before === undefined && (link === 'goto' || link === 'join')) return 'all'
  if (link === 'join' && before?.nodes.length === 1) return 'all'
  if (link === 'goto' && before?.nodes.every(({ kind }) => kind === 'subgraph') === true) return 'all'
  return link
}

function nestsHere({ dice, depth, themes }: Setting): boolean {
  if (depth >= MOST_DEPTH || !themes.nests) return false
  return dice.chance(depth === 0 ? 0.4 : 0.15)
}

function subgraphOf(setting: Setting): Subgraph {
  const { dice, isShared } = setting
  const checkpointer = dice.weighted<SubgraphCheckpointer>({ inherits: 40, own: isShared ? 0 : 45, none: 15 })
  return { checkpointer, graph: layersOf({ ...setting, depth: setting.depth + 1 }) }
}

function functionOf(setting: Setting, writesAlone: boolean): FunctionNode {
  const { dice, channels, themes, depth, isRaced } = setting
  const acts: Act[] = []
  const asks = themes.asks && dice.chance(0.35)
  // A node that changes something in place waits for the saver before it does.
  const waits = themes.changes && setting.isParallel
  const fails = themes.fails && !isRaced && !waits && dice.chance(0.35)
  if (themes.changes && dice.chance(0.6)) {
    const held = changeableChannels.filter((channel) => channels.includes(channel))
    acts.push({ act: 'change', channel: dice.pick(held), returned: dice.chance(0.3) })
  }
  if (dice.chance(0.1)) acts.push({ act: 'tell' })
  if (fails && dice.chance(0.5)) acts.push(failure(dice))
  if (asks) acts.push({ act: 'ask', times: dice.pick([1, 1, 2]) })
  if (fails && acts.every(({ act }) => act !== 'fail')) acts.push(failure(dice))
  // A saver is used in there: the same as a subgraph that is a node.
  if (themes.nests && depth === 0 && !setting.isParallel && dice.chance(0.12)) {
    acts.push({ act: 'call', subgraph: subgraphOf(setting), times: dice.pick([1, 1, 2]) })
  }
  const own = writesAlone || (dice.chance(0.02) && !isRaced) ? channels : sharedChannels(channels)
  for (const write of someWrites(dice, own, 0.35, isRaced ? 'sound' : 'any'))
    acts.push({ act: 'write', write })
  if (depth > 0 && !isRaced && dice.chance(0.1)) acts.push({ act: 'leave' })
  const attempts = fails && dice.chance(0.5) ? dice.pick([2, 3]) : 1
  return { kind: 'function', name: setting.nextName(), acts, attempts, isRescued: fails && dice.chance(0.12) }
}

function failure(dice: Dice): Act {
  return { act: 'fail', times: dice.pick([1, 1, 2, ALWAYS]) }
}

/** Nodes that leave a subgraph name a node of the root graph now and then, which is known only when all is made. */
function withGotos(dice: Dice, graph: LayeredPlan): LayeredPlan {
  const names = graph.layers.flatMap(({ nodes }) => nodes).map(({ name }) => name)
  return mapSubgraphs(graph, (act) =>
    act.act === 'leave' && dice.chance(0.4) ? { ...act, goto: dice.pick(names) } : act,
  )
}

/** Only the acts of the subgraphs that stand in the root graph itself: their parent is the root. */
function mapSubgraphs(graph: LayeredPlan, change: (act: Act) => Act): LayeredPlan {
  return {
    ...graph,
    layers: graph.layers.map((layer) => ({
      ...layer,
      nodes: layer.nodes.map((node): NodePlan =>
        node.kind === 'function' ? node : { ...node, graph: mapActs(node.graph, change) },
      ),
    })),
  }
}

function mapActs(graph: LayeredPlan, change: (act: Act) => Act): LayeredPlan {
  return {
    ...graph,
    layers: graph.layers.map((layer) => ({
      ...layer,
      nodes: layer.nodes.map((node): NodePlan =>
        node.kind === 'subgraph' ? node : { ...node, acts: node.acts.map(change) },
      ),
    })),
  }
}
