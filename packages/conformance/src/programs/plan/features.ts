import {
  type ChannelName,
  type MessageKind,
  type ValueKind,
  type Write,
  channelNames,
  messageKinds,
  valueKinds,
} from './channel.js'
import {
  ALWAYS,
  type Act,
  type LayeredPlan,
  type Link,
  type NodePlan,
  type Subgraph,
  type SubgraphCheckpointer,
} from './graph-plan.js'
import { actsOf, subgraphsOf } from './nodes-of.js'
import type { Program } from './program.js'
import {
  type Answers,
  type Durability,
  type Place,
  type RunStep,
  type Step,
  type StreamMode,
  type Update,
  streamModes,
} from './step.js'

/** What a program has in it by being what it is. */
type PlainFeature =
  | 'value: Overwrite'
  | 'edges: back to the first'
  | 'nodes: one'
  | 'nodes: several at once'
  | 'subgraph: within a subgraph'
  | 'subgraph: several at once'
  | 'subgraph: called in a function'
  | 'subgraph: sent to'
  | 'node: interrupts'
  | 'node: interrupts several times'
  | 'node: interrupts within a subgraph'
  | 'node: fails at first'
  | 'node: fails always'
  | 'node: fails and is retried'
  | 'node: has an error handler'
  | 'node: changes state in place'
  | 'node: leaves to the parent'
  | 'node: leaves to a node of the parent'
  | 'graph: interruptBefore'
  | 'graph: interruptAfter'
  | 'step: invoke'
  | 'step: stream'
  | 'stream: with subgraphs'
  | 'run: input'
  | 'run: null'
  | 'run: Command'
  | 'run: Command goto'
  | 'resume: with an update'
  | 'run: replay'
  | 'run: fork with input'
  | 'run: resume at a checkpoint'
  | 'run: interruptBefore'
  | 'run: broken off'
  | 'update: as a node'
  | 'update: as whoever LangGraph says'
  | 'update: as __copy__'
  | 'update: as __end__'
  | 'update: as __input__'
  | 'update: empty'
  | 'update: at a checkpoint'
  | 'update: in a subgraph'
  | 'bulk update'
  | 'bulk update: several nodes at once'
  | 'state'
  | 'state: with subgraphs'
  | 'state: at a checkpoint'
  | 'state: of a subgraph'
  | 'history'
  | 'history: limit'
  | 'history: before'
  | 'history: filter'
  | 'history: of a subgraph'
  | 'list'
  | 'list: channels without a version'
  | 'delete'
  | 'threads: two'
  | 'savers: several'
  | 'clocks: several'

/** A feature that a program may have. */
export type Feature =
  | PlainFeature
  | `channel: ${ChannelName}`
  | `value: ${ValueKind}`
  | `message: ${MessageKind}`
  | `edges: ${Link}`
  | `subgraph: checkpointer ${SubgraphCheckpointer}`
  | `stream: ${StreamMode}`
  | `resume: ${Answers}`
  | `durability: ${Durability | 'default'}`
  | `checkpoint by: ${Place['as']}`

/** All features, to check that a number of programs covers each. */
export const features: readonly Feature[] = [
  ...channelNames.map((name) => `channel: ${name}` as const),
  ...valueKinds.map((kind) => `value: ${kind}` as const),
  ...messageKinds.map((kind) => `message: ${kind}` as const),
  'value: Overwrite',
  ...(['all', 'join', 'choose', 'send', 'goto'] as const).map((link) => `edges: ${link}` as const),
  'edges: back to the first',
  'nodes: one',
  'nodes: several at once',
  ...(['inherits', 'own', 'none'] as const).map((kind) => `subgraph: checkpointer ${kind}` as const),
  'subgraph: within a subgraph',
  'subgraph: several at once',
  'subgraph: called in a function',
  'subgraph: sent to',
  'node: interrupts',
  'node: interrupts several times',
  'node: interrupts within a subgraph',
  'node: fails at first',
  'node: fails always',
  'node: fails and is retried',
  'node: has an error handler',
  'node: changes state in place',
  'node: leaves to the parent',
  'node: leaves to a node of the parent',
  'graph: interruptBefore',
  'graph: interruptAfter',
  'step: invoke',
  'step: stream',
  ...streamModes.map((mode) => `stream: ${mode}` as const),
  'stream: with subgraphs',
  'run: input',
  'run: null',
  'run: Command',
  'run: Command goto',
  ...(['value', 'first', 'last', 'all'] as const).map((answers) => `resume: ${answers}` as const),
  'resume: with an update',
  'run: replay',
  'run: fork with input',
  'run: resume at a checkpoint',
  'run: interruptBefore',
  'run: broken off',
  ...(['default', 'sync', 'async', 'exit'] as const).map(
    (durability) => `durability: ${durability}` as const,
  ),
  'update: as a node',
  'update: as whoever LangGraph says',
  'update: as __copy__',
  'update: as __end__',
  'update: as __input__',
  'update: empty',
  'update: at a checkpoint',
  'update: in a subgraph',
  'bulk update',
  'bulk update: several nodes at once',
  'state',
  'state: with subgraphs',
  'state: at a checkpoint',
  'state: of a subgraph',
  'history',
  'history: limit',
  'history: before',
  'history: filter',
  'history: of a subgraph',
  'list',
  'list: channels without a version',
  'delete',
  ...(['snapshot', 'address', 'id alone'] as const).map((as) => `checkpoint by: ${as}` as const),
  'threads: two',
  'savers: several',
  'clocks: several',
]

/** Returns the features of a program. */
export function featuresOf(program: Program): ReadonlySet<Feature> {
  const { graph, steps } = program
  const found = new Set<Feature>(graph.channels.map((name) => `channel: ${name}` as const))
  const add = (feature: Feature, isThere = true): void => void (isThere && found.add(feature))
  addGraph(graph, 0, add)
  add('graph: interruptBefore', graph.interruptBefore.length > 0)
  add('graph: interruptAfter', graph.interruptAfter.length > 0)
  for (const step of steps) addStep(step, add)
  add('threads: two', new Set(steps.map(({ thread }) => thread)).size > 1)
  add('savers: several', new Set(steps.map(({ saver }) => saver)).size > 1)
  add('clocks: several', new Set(steps.map(({ clockMs = 0 }) => clockMs)).size > 1)
  return found
}

type Add = (feature: Feature, isThere?: boolean) => void

function addGraph(graph: LayeredPlan, depth: number, add: Add): void {
  add('edges: back to the first', graph.loops)
  for (const { link, nodes } of graph.layers) {
    add(`edges: ${link}`)
    add(nodes.length > 1 ? 'nodes: several at once' : 'nodes: one')
    add('subgraph: several at once', nodes.filter(({ kind }) => kind === 'subgraph').length > 1)
    add('subgraph: sent to', link === 'send' && nodes[0]?.kind === 'subgraph')
    for (const node of nodes) addNode(node, depth, add)
  }
}

function addNode(node: NodePlan, depth: number, add: Add): void {
  for (const subgraph of subgraphsOf(node)) addSubgraph(subgraph, depth, add)
  if (node.kind === 'subgraph') return
  const fails = node.acts.some(({ act }) => act === 'fail')
  add('node: fails and is retried', fails && node.attempts > 1)
  add('node: has an error handler', node.isRescued)
  for (const act of node.acts) addAct(act, depth, add)
}

function addSubgraph({ checkpointer, graph }: Subgraph, depth: number, add: Add): void {
  add(`subgraph: checkpointer ${checkpointer}`)
  add('subgraph: within a subgraph', depth > 0)
  add(
    'node: interrupts within a subgraph',
    actsOf(graph).some(({ act }) => act === 'ask'),
  )
  addGraph(graph, depth + 1, add)
}

function addAct(act: Act, depth: number, add: Add): void {
  switch (act.act) {
    case 'write':
      addWrite(act.write, add)
      return
    case 'change':
      add('node: changes state in place')
      return
    case 'ask':
      add(act.times > 1 ? 'node: interrupts several times' : 'node: interrupts')
      return
    case 'fail':
      add(act.times === ALWAYS ? 'node: fails always' : 'node: fails at first')
      return
    case 'call':
      add('subgraph: called in a function')
      return
    case 'leave':
      add('node: leaves to the parent', depth > 0)
      add('node: leaves to a node of the parent', act.goto !== undefined)
      return
    case 'tell':
  }
}

function addWrite(write: Write, add: Add): void {
  if ('overwrites' in write) add('value: Overwrite', write.overwrites)
  if ('value' in write) add(`value: ${write.value}`)
  if ('message' in write) add(`message: ${write.message}`)
}

function addWrites(writes: readonly Write[], add: Add): void {
  for (const write of writes) addWrite(write, add)
}

function addStep(step: Step, add: Add): void {
  if ('place' in step && step.place !== undefined) add(`checkpoint by: ${step.place.as}`)
  switch (step.do) {
    case 'run':
      addRun(step, add)
      return
    case 'update':
      addUpdate(step.update, add)
      add('update: at a checkpoint', step.place !== undefined)
      add('update: in a subgraph', step.within === 'subgraph')
      return
    case 'bulk update':
      add('bulk update')
      add(
        'bulk update: several nodes at once',
        step.supersteps.some((updates) => updates.length > 1),
      )
      for (const { writes } of step.supersteps.flat()) addWrites(writes ?? [], add)
      return
    case 'state':
      add('state')
      add('state: with subgraphs', step.subgraphs)
      add('state: at a checkpoint', step.place !== undefined)
      add('state: of a subgraph', step.within === 'subgraph')
      return
    case 'history':
      add('history')
      add('history: limit', step.limit !== undefined)
      add('history: before', step.before !== undefined)
      add('history: filter', step.filter !== undefined)
      add('history: of a subgraph', step.within === 'subgraph')
      return
    case 'list':
      add('list')
      add('list: channels without a version', step.unversioned)
      return
    case 'delete':
      add('delete')
  }
}

function addRun({ input, place, durability, interruptBefore, stream, stop }: RunStep, add: Add): void {
  add(stream === undefined ? 'step: invoke' : 'step: stream')
  for (const mode of stream?.modes ?? []) add(`stream: ${mode}`)
  add('stream: with subgraphs', stream?.subgraphs === true)
  add(`durability: ${durability ?? 'default'}`)
  add('run: interruptBefore', interruptBefore !== undefined && interruptBefore.length > 0)
  add('run: broken off', stop !== undefined)
  switch (input.kind) {
    case 'values':
      add('run: input')
      add('run: fork with input', place !== undefined)
      addWrites(input.writes, add)
      return
    case 'go on':
      add('run: null')
      add('run: replay', place !== undefined)
      return
    case 'resume':
      add(`resume: ${input.answers}`)
      add('resume: with an update', input.writes.length > 0)
      add('run: resume at a checkpoint', place !== undefined)
      addWrites(input.writes, add)
      return
    case 'command':
      add('run: Command')
      add('run: Command goto', input.goto !== undefined)
      addWrites(input.writes, add)
  }
}

function addUpdate({ writes, asNode }: Update, add: Add): void {
  addWrites(writes ?? [], add)
  switch (asNode) {
    case '__copy__':
    case '__end__':
    case '__input__':
      add(`update: as ${asNode}`)
      return
    case undefined:
      add(writes === null ? 'update: empty' : 'update: as whoever LangGraph says')
      return
    default:
      add('update: as a node')
  }
}
