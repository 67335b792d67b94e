import type { Program } from '../plan/program.js'
import type { Step } from '../plan/step.js'
import { Dice } from './dice.js'
import { generateGraph } from './graph.js'
import { generateSteps } from './steps.js'

/** How often each saver is drawn, by its name. */
export type SaverWeights = Readonly<Record<string, number>>

/** How many savers a program has at the most. */
const MOST_SAVERS = 3

/** How often the servers of a program have clocks that differ. */
const CLOCKS_DIFFER = 0.2

/** By how much, in milliseconds: more than any step takes, so that the order of ids is the same each time. */
const OFFSETS_MS = [0, -600_000, 600_000]

/**
 * Generates the program of a seed. The same seed and savers always give the same program. Graph, steps and clocks do not
 * depend on the savers.
 */
export function generateProgram(seed: number, savers: SaverWeights): Program {
  const dice = new Dice(seed)
  const graph = generateGraph(dice)
  const steps = generateSteps(dice, graph)
  const draws = new Dice(seed ^ 0x5bd1e995)
  const deck = Array.from({ length: draws.whole(1, MOST_SAVERS) }, () => draws.weighted(savers))
  const clock = clocksOf(new Dice(seed ^ 0x27d4eb2f))
  return { seed, graph, steps: steps.map((step) => ({ ...step, saver: draws.pick(deck), ...clock() })) }
}

/** Draws the clock of each step. */
function clocksOf(dice: Dice): () => Pick<Step, 'clockMs'> {
  if (!dice.chance(CLOCKS_DIFFER)) return () => ({})
  return () => {
    const offsetMs = dice.pick(OFFSETS_MS)
    return offsetMs === 0 ? {} : { clockMs: offsetMs }
  }
}
