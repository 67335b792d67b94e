import { setTimeout as sleep } from 'node:timers/promises'
import { seededRandom } from '@cairnkit/conformance/faults'
import type { Lab } from '@cairnkit/redis-lab'
import { bar } from '@cairnkit/tool-kit'
import { type Bargain, faults } from '../faults/index.js'
import { now } from '../log/entry.js'
import type { FaultRecord } from '../log/fault-record.js'
import type { Network } from '../network/network.js'
import type { Progress } from '../output/progress.js'
import { seconds } from '../output/format.js'
import type { CellPlan } from './plan.js'
import { schedule } from './schedule.js'
import type { Writers } from './writers.js'

export interface Injected {
  readonly records: readonly FaultRecord[]
  /** What went wrong with the faults themselves, or with writers after them. */
  readonly problems: readonly string[]
}

/** One fault after the other, each healed and every writer back at work before the next. */
export async function injectFaults(
  plan: CellPlan,
  bargain: Bargain,
  stage: {
    readonly lab: Lab
    readonly network: Network
    readonly writers: Writers
    readonly progress: Progress
  },
): Promise<Injected> {
  const { lab, network, writers, progress } = stage
  const records: FaultRecord[] = []
  const begin = performance.now()
  const minutes = plan.minutes
  const total = minutes === undefined ? plan.faults.length : minutes * 60_000
  const done = (): number => (minutes === undefined ? records.length : performance.now() - begin)
  const quietMs = minutes === undefined ? { least: 300, most: 800 } : { least: 500, most: 3000 }
  let doing = 'quiet'
  progress.show(() => {
    const counts = `${writers.acknowledged} acknowledged, ${writers.refused} refused`
    return `${bar(done() / total)} ${plan.topology}: ${doing}; ${counts}`
  })

  for (const appointment of schedule(plan.seed, plan.faults, quietMs)) {
    if (done() >= total) break
    doing = 'quiet'
    await sleep(appointment.quietMs)
    const { kind } = appointment
    doing = kind
    const fault = faults[kind]
    const startedAt = now()
    const random = seededRandom(appointment.seed)
    const described = `${plan.topology}: ${kind} (fault ${records.length + 1}, seed ${plan.seed})`
    try {
      const target = await fault.inject({ lab, network, random, threads: () => writers.threads })
      await lab.ready({ timeoutMs: 60_000 })
      const healedAt = now()
      doing = `${kind} is over, writers come back`
      const record = { kind, target, startedAt, healedAt, mayLose: fault.mayLose(bargain) }
      try {
        await writers.writeAfter(healedAt)
      } catch (error) {
        records.push({ ...record, backAt: now() })
        return { records, problems: [`after ${described} of ${target}: ${textOf(error)}`] }
      }
      const backAt = now()
      records.push({ ...record, backAt })
      const times = `whole after ${seconds(healedAt - startedAt)}, every writer back ${seconds(backAt - healedAt)} later`
      progress.say(`${plan.topology}: ${kind} of ${target}: ${times}`)
    } catch (error) {
      return { records, problems: [`${described} could not be carried out: ${textOf(error)}`] }
    }
  }
  return { records, problems: [] }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
