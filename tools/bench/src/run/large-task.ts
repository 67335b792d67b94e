import type { Contender } from '../savers/contender.js'
import type { Task } from './context.js'
import { LargeLane, type LargeSettings } from './large-lane.js'
import { type Plan, fieldOf, rotated } from './plan.js'

interface Large extends LargeSettings {
  /** See `Workload`. */
  readonly quickSavers?: readonly string[]
}

/** A large text, put on a new thread and read with nothing cached, beside one SET and one GET of the same text. */
export function largeTask(settings: Large): Task {
  const { id, bytes } = settings
  const title = `put and cold get of a text of ${bytes / 1e6} MB`
  return {
    id,
    title,
    lanes: (plan) => lanesOf(plan, settings),
    steps: (plan) => (1 + lanesOf(plan, settings).length) * (1 + samplesOf(plan) + holdsOf(plan)),
    async run(context) {
      const { plan } = context
      const bare = new LargeLane(context, undefined, settings)
      const lanes = lanesOf(plan, settings).map((contender) => new LargeLane(context, contender, settings))
      const all = [...lanes, bare]
      for (const lane of all) await lane.open()
      for (let round = 0; round < samplesOf(plan); round++) {
        for (const lane of rotated(all, round)) await lane.sample()
      }
      for (let round = 0; round < holdsOf(plan); round++) {
        for (const lane of rotated(all, round)) await lane.hold()
      }
      for (const lane of all) await lane.close()
      return {
        id,
        title,
        unit: 'call',
        turns: samplesOf(plan),
        rows: all.map((lane) => lane.row(bare.samples)),
      }
    },
  }
}

function samplesOf({ quick, rounds }: Plan): number {
  return quick ? 2 : Math.max(7, rounds)
}

/** Others on the machine make a server look held, so the least of several counts. */
function holdsOf({ quick }: Plan): number {
  return quick ? 1 : 4
}

/** Whoever keeps what can be read when nothing is cached. */
function lanesOf(plan: Plan, { quickSavers }: Large): readonly Contender[] {
  return fieldOf(plan, quickSavers).filter(({ durable }) => durable)
}
