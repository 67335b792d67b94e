import type { GraphPlan } from './graph-plan.js'
import type { Step } from './step.js'

/**
 * A LangGraph program as plain data: a graph, and the steps that use it. As data, it can be printed and reduced.
 */
export interface Program {
  /** The seed of the program; 0 for one that was written by hand. */
  readonly seed: number
  readonly graph: GraphPlan
  readonly steps: readonly Step[]
}
