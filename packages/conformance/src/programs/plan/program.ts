import type { GraphPlan } from './graph-plan.js'
import type { Step } from './step.js'

/**
 * A LangGraph program as plain data: a graph, and what is done with it. It prints, and it can be made smaller, because it
 * is no code.
 */
export interface Program {
  /** The seed that it was made from; 0 for one that was written by hand. */
  readonly seed: number
  readonly graph: GraphPlan
  readonly steps: readonly Step[]
}
