import { graphOf, nodeOf, programOf } from '../plan/by-hand.js'
import { actsOf } from '../plan/nodes-of.js'
import type { KnownDifference } from './known-difference.js'

/** The known differences between `MemorySaver` and any saver that uses a storage. */
export function generalDifferences<Options>(saver: string): readonly KnownDifference<Options>[] {
  return [changedInPlace(saver), withoutNamespace(saver)]
}

function changedInPlace<Options>(saver: string): KnownDifference<Options> {
  const node = nodeOf('n1', { act: 'change', channel: 'doc', returned: false })
  return {
    name: 'changed in place',
    cause:
      'MemorySaver stores the whole state with each checkpoint, and so what a node changed in place in a channel that it did not return; a saver that stores a channel when its version is new does not',
    origin: 'design',
    concerns: ({ graph }) => actsOf(graph).some(({ act }) => act === 'change'),
    without: { reference: { valuesBy: 'version' } },
    example: programOf(
      graphOf([node], 'doc'),
      saver,
      { do: 'run', input: { kind: 'values', writes: [{ channel: 'doc', value: 'text' }] } },
      { do: 'state', within: 'root', subgraphs: false },
    ),
  }
}

function withoutNamespace<Options>(saver: string): KnownDifference<Options> {
  const node = nodeOf('n1')
  return {
    name: 'putWrites without a namespace',
    cause:
      'MemorySaver refuses putWrites under a config without checkpoint_ns, which other methods take for the root',
    origin: 'langgraph',
    concerns: ({ steps }) => steps.some((step) => 'place' in step && step.place?.as === 'id alone'),
    without: { reference: { needsNamespace: false } },
    example: programOf(
      graphOf([node]),
      saver,
      { do: 'run', input: { kind: 'values', writes: [] } },
      {
        do: 'update',
        within: 'root',
        place: { nth: 0, as: 'id alone' },
        update: { writes: [{ channel: 'count' }], asNode: 'n1' },
      },
    ),
  }
}
