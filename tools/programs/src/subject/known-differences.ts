import {
  type KnownDifference,
  type Program,
  actsOf,
  generalDifferences,
  graphOf,
  nodeOf,
  nodesOf,
  programOf,
  subgraphOf,
  subgraphsOf,
} from '@cairnkit/conformance/programs'
import { cairnSavers } from './cairn-savers.js'
import type { SaverOptions } from './saver-options.js'

/**
 * In what CairnSaver differs from MemorySaver today, and why. A fault that is mended is taken off: its test fails then.
 */
export const knownDifferences: readonly KnownDifference<SaverOptions>[] = [
  ...generalDifferences<SaverOptions>('healing off'),
  {
    name: 'deleted beside healing thread',
    cause:
      "a saver with healing 'thread' stores a thread again that a saver without it has deleted; docs/runs.md says to give it to all that delete",
    origin: 'design',
    concerns: ({ steps }) =>
      steps.some(({ saver }) => healingOf(saver) === 'thread') &&
      steps.some((step) => step.do === 'delete' && healingOf(step.saver) !== 'thread'),
    without: {
      options: (options) =>
        options.cairn.healing === 'thread'
          ? { ...options, cairn: { ...options.cairn, healing: 'tail' } }
          : options,
    },
    example: {
      seed: 0,
      graph: graphOf([nodeOf('n1')]),
      steps: [
        { thread: 'A', saver: 'healing thread', do: 'run', input: { kind: 'values', writes: [] } },
        { thread: 'A', saver: 'defaults', do: 'delete' },
        { thread: 'A', saver: 'healing thread', do: 'run', input: { kind: 'values', writes: [] } },
        { thread: 'A', saver: 'defaults', do: 'list', unversioned: false },
      ],
    },
  },
  {
    name: 'changed in place, and put with three arguments',
    cause:
      'a put that does not say which versions are new stores all values as they are then, what a node changed in place among them',
    origin: 'design',
    concerns: ({ graph, steps }) =>
      actsOf(graph).some(({ act }) => act === 'change') &&
      steps.some(({ saver }) => cairnSavers[saver]?.options.putArguments === 3),
    without: { options: (options) => ({ ...options, putArguments: 4 }) },
    example: {
      seed: 0,
      graph: graphOf(
        [
          nodeOf('n1', { act: 'change', channel: 'doc', returned: false }),
          nodeOf('n2', { act: 'change', channel: 'doc', returned: false }),
        ],
        'doc',
      ),
      steps: [
        {
          thread: 'A',
          saver: 'put of three arguments',
          do: 'run',
          input: { kind: 'values', writes: [{ channel: 'doc', value: 'long text' }] },
        },
        { thread: 'A', saver: 'new each time', do: 'list', unversioned: false },
      ],
    },
  },
  {
    name: 'reject: before a stateful subgraph',
    cause:
      "onConflict 'reject' takes a replay or a fork to before the first run of a subgraph that keeps its state for a conflict: the subgraph begins without a parent in a namespace that has checkpoints, and no mark says that this was chosen",
    origin: 'fault',
    concerns: (program) => hasSubgraph(program, 'own') && rejects(program),
    without: { options: allowing },
    example: programOf(
      graphOf([nodeOf('n1'), subgraphOf('n2', 'own', nodeOf('n3'))]),
      'reject',
      { do: 'run', input: { kind: 'values', writes: [] } },
      { do: 'run', input: { kind: 'go on' }, place: { nth: 1, as: 'snapshot' } },
    ),
  },
  {
    name: 'reject: a fork that runs twice',
    cause:
      "onConflict 'reject' takes a second run of a checkpoint that a fork or an update has made, named by its id while it is the newest, for a conflict: its tasks are the same again, so a subgraph begins without a parent in the namespace of the run before",
    origin: 'fault',
    concerns: (program) => hasSubgraph(program, 'inherits') && rejects(program),
    without: { options: allowing },
    example: programOf(
      {
        ...graphOf([]),
        layers: [
          {
            link: 'all',
            nodes: [nodeOf('n1', { act: 'ask', times: 1 }), subgraphOf('n2', 'inherits', nodeOf('n3'))],
          },
        ],
      },
      'reject',
      { do: 'run', input: { kind: 'values', writes: [] } },
      { do: 'update', within: 'root', update: { writes: null, asNode: '__copy__' } },
      { do: 'run', input: { kind: 'go on' }, place: { nth: 0, as: 'address' } },
      { do: 'run', input: { kind: 'go on' }, place: { nth: 0, as: 'address' } },
    ),
  },
]

function healingOf(saver: string): string | undefined {
  return cairnSavers[saver]?.options.cairn.healing
}

function rejects({ steps }: Program): boolean {
  return steps.some(({ saver }) => cairnSavers[saver]?.options.cairn.onConflict === 'reject')
}

function allowing(options: SaverOptions): SaverOptions {
  return { ...options, cairn: { ...options.cairn, onConflict: 'allow' } }
}

function hasSubgraph({ graph }: Program, kind: 'inherits' | 'own'): boolean {
  return nodesOf(graph).some((node) => subgraphsOf(node).some(({ checkpointer }) => checkpointer === kind))
}
