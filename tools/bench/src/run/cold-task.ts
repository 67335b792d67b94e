import type { ColdThread } from '../child/cold-read.js'
import type { Row } from '../results/report.js'
import type { Contender } from '../savers/contender.js'
import { ChildHandle } from './child-handle.js'
import { ColdLane, type ColdSample, type ColdSettings, coldFigures } from './cold-lane.js'
import type { Task } from './context.js'
import { type MeasuredCode, type Plan, fieldOf, rotated } from './plan.js'

interface ColdOpen extends ColdSettings {
  /** See `Workload`. */
  readonly quickSavers?: readonly string[]
  /** How many processes open it in a quick run. */
  readonly quickSamples: number
}

/** A long thread that a process opens for the first time, beside one GET of the same state and its parse. */
export function coldTask(settings: ColdOpen): Task {
  const { id, messages } = settings
  const title = `cold open of a ${messages}-message thread, in a new process each time`
  return {
    id,
    title,
    lanes: (plan) => lanesOf(plan, settings),
    steps: (plan) =>
      lanesOf(plan, settings).length * (1 + samplesOf(plan, settings)) + samplesOf(plan, settings),
    async run(context) {
      const { plan, services } = context
      for (const server of services.servers.values()) await server.clear()
      const redisUrl = services.servers.get('redis')?.url
      const lanes: ColdLane[] = []
      let plainThread: ColdThread | undefined
      for (const contender of lanesOf(plan, settings)) {
        const lane = new ColdLane(
          context,
          contender,
          settings,
          plainThread === undefined ? redisUrl : undefined,
        )
        await lane.grow()
        if (redisUrl !== undefined) plainThread ??= lane.request
        lanes.push(lane)
      }
      const plain: ColdSample[] = []
      for (let round = 0; round < samplesOf(plan, settings); round++) {
        for (const lane of rotated(lanes, round)) await lane.sample()
        context.step(`${id}: one GET and the parse`)
        if (plainThread !== undefined) plain.push(await getPlain(plainThread, plan.code))
      }
      const rows = [...lanes.map((lane) => lane.row(plain)), plainRow(plain)]
      return { id, title, unit: 'read', turns: samplesOf(plan, settings), rows }
    },
  }
}

function samplesOf({ quick, rounds }: Plan, { quickSamples }: ColdOpen): number {
  return quick ? quickSamples : Math.max(5, rounds)
}

/** Whoever keeps what another process can find. */
function lanesOf(plan: Plan, { quickSavers }: ColdOpen): readonly Contender[] {
  return fieldOf(plan, quickSavers).filter(({ durable }) => durable)
}

async function getPlain(thread: ColdThread, code: MeasuredCode): Promise<ColdSample> {
  await using child = await ChildHandle.start(code)
  return await child.call('coldGet', thread)
}

function plainRow(plain: readonly ColdSample[]): Row {
  const named = { saver: 'bare-get', title: 'one GET of the state, and JSON.parse' }
  if (plain.length === 0) return { ...named, status: 'missing', reason: 'there is no Redis in this run' }
  return { ...named, status: 'measured', figures: coldFigures(plain, true), series: [] }
}
