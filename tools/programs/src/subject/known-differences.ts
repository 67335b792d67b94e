import {
  type KnownDifference,
  actsOf,
  clocksThatDiffer,
  generalDifferences,
  graphOf,
  nodeOf,
} from '@cairnkit/conformance/programs'
import { cairnSavers } from './cairn-savers.js'
import type { SaverOptions } from './saver-options.js'

/**
 * In what CairnSaver differs from MemorySaver today, and why. A fault that is mended is taken off: its test fails then.
 */
export const knownDifferences: readonly KnownDifference<SaverOptions>[] = [
  ...generalDifferences<SaverOptions>('healing off'),
  clocksThatDiffer('healing off'),
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
]

function healingOf(saver: string): string | undefined {
  return cairnSavers[saver]?.options.cairn.healing
}
