import type { Contender } from '../savers/contender.js'
import { amongOthers } from '../savers/crowded.js'
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
      lanesOf(workload, plan).length * (1 + roundsOf(workload, plan)) +
      (hasCeiling(workload, plan) ? roundsOf(workload, plan) : 0),
    async run(context) {
      const { plan } = context
      const turns = plan.quick ? workload.turns.quick : workload.turns.full
      const lanes = lanesOf(workload, plan).map((contender) => new Lane(context, workload, contender, turns))
      const ceiling = hasCeiling(workload, plan) ? new CeilingLane(context, turns) : undefined
      for (const lane of lanes) await lane.warmUp()
      for (let round = 0; round < roundsOf(workload, plan); round++) {
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

/** Whoever is measured among others as well is so right after it was alone. */
function lanesOf(workload: Workload, plan: Plan): readonly Contender[] {
  const field = fieldOf(plan, workload.quickSavers)
  if (workload.crowded !== true) return field
  return field
    .filter(({ redis }) => redis === 'redis')
    .flatMap((contender) => [contender, amongOthers(contender)])
}

function roundsOf({ leastRounds = 1 }: Workload, { rounds }: Plan): number {
  return Math.max(leastRounds, rounds)
}

function hasCeiling(workload: Workload, plan: Plan): boolean {
  return workload.ceiling && lanesOf(workload, plan).some(({ id }) => id === CEILING_OF)
}
