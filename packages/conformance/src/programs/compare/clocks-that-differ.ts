import { graphOf, nodeOf, programOf } from '../plan/by-hand.js'
import type { KnownDifference } from './known-difference.js'

/** The known difference of a saver whose head depends on what was put on what, and not on the clocks of servers. */
export function clocksThatDiffer<Options>(saver: string): KnownDifference<Options> {
  const run = { do: 'run', input: { kind: 'values', writes: [] } } as const
  const program = programOf(graphOf([nodeOf('n1')]), saver, run, run, {
    do: 'state',
    within: 'root',
    subgraphs: false,
  })
  return {
    name: 'clocks that differ',
    cause:
      'MemorySaver takes the checkpoint with the largest id for the latest, and ids are made of the clock of the server that runs; a saver whose heads are causal goes on from what was put on the head',
    origin: 'langgraph',
    concerns: ({ steps }) => steps.some(({ clockMs }) => clockMs !== undefined),
    without: { reference: { headBy: 'cause' } },
    example: {
      ...program,
      steps: program.steps.map((step, at) => (at === 1 ? { ...step, clockMs: -600_000 } : step)),
    },
  }
}
