import type { Row } from '../results/report.js'
import { spreadOf } from '../results/statistics.js'
import { type Contender, hasServer } from '../savers/contender.js'
import type { BenchContext, Task } from './context.js'
import { type Plan, whyNotApplicable } from './plan.js'

const TITLE = 'round trips of one call'

/** How many sequential exchanges each call of a saver takes; every saver that has a server. */
export const tripsTask: Task = {
  id: 'trips',
  title: TITLE,
  lanes: lanesOf,
  steps: (plan) => lanesOf(plan).length,
  async run(context) {
    const rows: Row[] = []
    for (const contender of lanesOf(context.plan)) rows.push(await count(context, contender))
    return { id: 'trips', title: TITLE, unit: 'call', turns: 1, rows }
  },
}

function lanesOf({ contenders }: Plan): readonly Contender[] {
  return contenders.filter(hasServer)
}

async function count({ services, children, step }: BenchContext, contender: Contender): Promise<Row> {
  const { id, title, redis } = contender
  step(`trips: ${title}`)
  // A page of a listing is among the calls.
  const missing = services.whyMissing(contender) ?? whyNotApplicable({ needsHistory: true }, contender)
  if (missing !== undefined) return { saver: id, title, status: 'missing', reason: missing }
  try {
    if (redis !== undefined) await services.servers.get(redis)?.clear()
    const child = await children.of(id)
    const trips = await child.call('trips', { contender: id, places: services.places, thread: 'trips' })
    const figures = {
      tripsGetTuple: spreadOf([trips.getTuple]),
      tripsPut: spreadOf([trips.put]),
      tripsPutWrites: spreadOf([trips.putWrites]),
      tripsSuperstep: spreadOf([trips.superstep]),
      tripsListPage: spreadOf([trips.listPage]),
      tripsDeltaHistory: spreadOf([trips.deltaHistory]),
      tripsDeleteThread: spreadOf([trips.deleteThread]),
    }
    return { saver: id, title, status: 'measured', figures, series: [] }
  } catch (error) {
    await children.replace(id)
    const reason = error instanceof Error ? error.message : String(error)
    return { saver: id, title, status: 'failed', reason }
  }
}
