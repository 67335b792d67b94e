import type { Contender } from '../savers/contender.js'
import type { Workload } from '../workloads/workload.js'
import { CEILING_OF, CeilingLane } from './ceiling-lane.js'
import type { Task } from './context.js'
import { Lane } from './lane.js'
import { type Plan, fieldOf, rotated } from './plan.js'

/** A workload with every saver: first everyone warms up, then the rounds, one saver after the other. */
export function turnTask(workload: Workload): Task {
  return {
    id: workload.id,
    title: workload.title,
    lanes: (plan) => lanesOf(workload, plan),
    steps: (plan) =>
      lanesOf(workload, plan).length * (1 + plan.rounds) + (hasCeiling(workload, plan) ? plan.rounds : 0),
    async run(context) {
      const { plan } = context
      const turns = plan.quick ? workload.turns.quick : workload.turns.full
      const lanes = lanesOf(workload, plan).map((contender) => new Lane(context, workload, contender, turns))
      const ceiling = hasCeiling(workload, plan) ? new CeilingLane(context, turns) : undefined
      for (const lane of lanes) await lane.warmUp()
      for (let round = 0; round < plan.rounds; round++) {
        for (const lane of rotated(lanes, round)) await lane.round(round)
        await ceiling?.round(
          workload.id,
          lanes.find(({ id }) => id === CEILING_OF),
        )
      }
      const rows = [...lanes.map((lane) => lane.row()), ...(ceiling === undefined ? [] : [ceiling.row()])]
      return { id: workload.id, title: workload.title, unit: workload.unit, turns, rows }
    },
  }
}

/** Other keys in the database matter to those that share one. */
function lanesOf(workload: Workload, plan: Plan): readonly Contender[] {
  const field = fieldOf(plan, workload.quickSavers)
  return workload.otherKeys === undefined ? field : field.filter(({ redis }) => redis === 'redis')
}

function hasCeiling(workload: Workload, plan: Plan): boolean {
  return workload.ceiling && lanesOf(workload, plan).some(({ id }) => id === CEILING_OF)
}
