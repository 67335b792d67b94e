import type { Program } from '../plan/program.js'
import { Dice } from './dice.js'
import { generateGraph } from './graph.js'
import { generateSteps } from './steps.js'

/** How often each saver is used, by its name. */
export type SaverWeights = Readonly<Record<string, number>>

/** How many savers a program has at the most. */
const MOST_SAVERS = 3

/**
 * The program of a seed: always the same one for the same savers. Graph and steps are the same for any savers, which are
 * drawn apart.
 */
export function generateProgram(seed: number, savers: SaverWeights): Program {
  const dice = new Dice(seed)
  const graph = generateGraph(dice)
  const steps = generateSteps(dice, graph)
  const draws = new Dice(seed ^ 0x5bd1e995)
  const deck = Array.from({ length: draws.whole(1, MOST_SAVERS) }, () => draws.weighted(savers))
  return { seed, graph, steps: steps.map((step) => ({ ...step, saver: draws.pick(deck) })) }
}
