import type { ChannelName } from '../plan/channel.js'
import type { GraphPlan } from '../plan/graph-plan.js'
import { actsOf, nodesOf, subgraphsOf } from '../plan/nodes-of.js'
import {
  type Action,
  type Durability,
  type Place,
  type RunInput,
  type RunStep,
  type Stop,
  type ThreadAction,
  type ThreadName,
  type Update,
  streamModes,
} from '../plan/step.js'
import type { Dice } from './dice.js'
import { sharedChannels, someWrites } from './writes.js'

/** What is known of the graph that the steps are for. */
interface Subject {
  readonly dice: Dice
  readonly channels: readonly ChannelName[]
  /** The nodes of the root graph, and those of all graphs that are functions. */
  readonly nodes: readonly string[]
  readonly functions: readonly string[]
  readonly asks: boolean
  readonly nests: boolean
}

export function generateSteps(dice: Dice, graph: GraphPlan): ThreadAction[] {
  const subject: Subject = {
    dice,
    channels: graph.channels,
    nodes: graph.layers.flatMap(({ nodes }) => nodes).map(({ name }) => name),
    functions: nodesOf(graph).flatMap(({ kind, name }) => (kind === 'function' ? [name] : [])),
    asks: actsOf(graph).some(({ act }) => act === 'ask') || graph.interruptBefore.length > 0,
    nests: nodesOf(graph).some((node) => subgraphsOf(node).length > 0),
  }
  const threads: ThreadName[] = dice.chance(0.2) ? ['A', 'B'] : ['A']
  const count = dice.whole(3, 7)
  const steps: ThreadAction[] = []
  for (let at = 0; at < count; at++) {
    const thread = at === 0 || dice.chance(0.7) ? 'A' : dice.pick(threads)
    const action = at === 0 ? firstAction(subject) : anyAction(subject)
    steps.push({ thread, ...action })
    // What was chosen once is chosen again: the same checkpoint, or what has come of it.
    if ('place' in action && action.place !== undefined && dice.chance(0.2)) steps.push({ thread, ...action })
  }
  // Whatever the steps themselves did not show.
  for (const thread of threads) steps.push({ thread, do: 'list', unversioned: dice.chance(0.06) })
  return steps
}

function firstAction(subject: Subject): Action {
  if (subject.dice.chance(0.08)) return updateAction(subject)
  return runOf(subject, { kind: 'values', writes: someWrites(subject.dice, subject.channels, 0.5) })
}

type ActionKind =
  | 'input'
  | 'go on'
  | 'resume'
  | 'command'
  | 'update'
  | 'bulk update'
  | 'state'
  | 'history'
  | 'list'
  | 'delete'

function anyAction(subject: Subject): Action {
  const { dice, asks, nests } = subject
  const kind = dice.weighted<ActionKind>({
    input: 26,
    'go on': 16,
    resume: asks ? 26 : 3,
    command: 5,
    update: 15,
    'bulk update': 5,
    state: 8,
    history: 7,
    list: 2,
    delete: 3,
  })
  switch (kind) {
    case 'input':
      return runOf(subject, { kind: 'values', writes: someWrites(dice, subject.channels, 0.4) }, 0.15)
    case 'go on':
      return runOf(subject, { kind: 'go on' }, 0.6)
    case 'resume':
      return runOf(
        subject,
        {
          kind: 'resume',
          answers: dice.pick(['value', 'value', 'first', 'last', 'all']),
          writes: dice.chance(0.12) ? someWrites(dice, sharedChannels(subject.channels), 0.4) : [],
        },
        0.15,
      )
    case 'command':
      return runOf(
        subject,
        {
          kind: 'command',
          writes: someWrites(dice, sharedChannels(subject.channels), 0.4),
          ...(dice.chance(0.6) ? { goto: dice.pick(subject.nodes) } : {}),
        },
        0.2,
      )
    case 'update':
      return updateAction(subject)
    case 'bulk update':
      return {
        do: 'bulk update',
        ...placed(dice, 0.3),
        supersteps: Array.from({ length: dice.pick([1, 2, 2, 3]) }, () => superstep(subject)),
      }
    case 'state':
      return {
        do: 'state',
        within: nests && dice.chance(0.25) ? 'subgraph' : 'root',
        ...placed(dice, 0.4),
        subgraphs: dice.chance(0.5),
      }
    case 'history':
      return {
        do: 'history',
        within: nests && dice.chance(0.25) ? 'subgraph' : 'root',
        ...(dice.chance(0.4) ? { limit: dice.whole(0, 4) } : {}),
        ...(dice.chance(0.4) ? { before: dice.whole(0, 6) } : {}),
        ...(dice.chance(0.3) ? { filter: filterOf(dice) } : {}),
      }
    case 'list':
      return { do: 'list', unversioned: dice.chance(0.06) }
    case 'delete':
      return { do: 'delete' }
  }
}

function filterOf(dice: Dice): { source: 'input' | 'loop' | 'update' | 'fork' } | { step: number } {
  return dice.chance(0.6)
    ? { source: dice.pick(['input', 'loop', 'update', 'fork'] as const) }
    : { step: dice.whole(-1, 4) }
}

/** Positions in a history: mostly among the newest, of which every thread has some. */
const places: readonly number[] = [0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 7]

function placed(dice: Dice, share: number): { place?: Place } {
  if (!dice.chance(share)) return {}
  return {
    place: { nth: dice.pick(places), as: dice.weighted({ snapshot: 48, address: 46, 'id alone': 6 }) },
  }
}

function runOf({ dice, nodes, functions }: Subject, input: RunInput, share = 0): RunStep {
  const durability = dice.weighted<Durability | 'default'>({ default: 50, sync: 15, async: 15, exit: 20 })
  return {
    do: 'run',
    input,
    ...placed(dice, share),
    ...(durability === 'default' ? {} : { durability }),
    ...(dice.chance(0.05) ? { interruptBefore: dice.some(nodes, 0.5) } : {}),
    ...(dice.chance(0.35)
      ? { stream: { modes: streamModes.filter(() => dice.chance(0.4)), subgraphs: dice.chance(0.5) } }
      : {}),
    ...(dice.chance(0.08) ? { stop: stopOf(dice, functions) } : {}),
  }
}

function stopOf(dice: Dice, functions: readonly string[]): Stop {
  return { node: dice.pick(functions), nth: dice.pick([1, 1, 1, 2]) }
}

function updateAction(subject: Subject): Action {
  const { dice, nests } = subject
  const within = nests && dice.chance(0.3) ? 'subgraph' : 'root'
  return { do: 'update', within, ...placed(dice, 0.4), update: updateOf(subject, within) }
}

function updateOf({ dice, channels, nodes, functions }: Subject, within: 'root' | 'subgraph'): Update {
  const writes = someWrites(dice, channels, 0.45)
  const kind = dice.weighted({ node: 60, unsaid: 14, copy: 8, end: 6, input: 6, empty: 6 })
  switch (kind) {
    case 'node':
      return { writes, asNode: dice.pick(within === 'root' ? nodes : functions) }
    case 'unsaid':
      return { writes }
    case 'copy':
      return { writes: null, asNode: '__copy__' }
    case 'end':
      return { writes: null, asNode: '__end__' }
    case 'input':
      return { writes, asNode: '__input__' }
    case 'empty':
      return { writes: null }
  }
}

function superstep(subject: Subject): Update[] {
  const { dice, channels, nodes } = subject
  const count = dice.pick([1, 1, 2])
  return Array.from({ length: count }, () => ({
    writes: someWrites(dice, count === 1 ? channels : sharedChannels(channels), 0.4),
    asNode: dice.pick(nodes),
  }))
}
