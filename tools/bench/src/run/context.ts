import type { WorkloadResult } from '../results/report.js'
import type { Contender } from '../savers/contender.js'
import type { Services } from '../services/services.js'
import type { Children } from './children.js'
import type { Plan } from './plan.js'

/** What every part of a run works with. */
export interface BenchContext {
  readonly plan: Plan
  readonly services: Services
  readonly children: Children
  /** Says what begins now; one call per step. */
  readonly step: (what: string) => void
}

/** One workload with everyone who takes part. */
export interface Task {
  readonly id: string
  readonly title: string
  /** Who takes part. */
  lanes(plan: Plan): readonly Contender[]
  /** How often it will call `step`. */
  steps(plan: Plan): number
  run(context: BenchContext): Promise<WorkloadResult>
}
