import { loadavg } from 'node:os'
import type { Output } from '@cairnkit/tool-kit'
import { judgeBudgets } from './budgets/judge.js'
import type { Arguments } from './arguments.js'
import { Progress } from './output/progress.js'
import { describeMachine } from './results/machine.js'
import type { Report, WorkloadResult } from './results/report.js'
import { Children } from './run/children.js'
import type { Plan } from './run/plan.js'
import { tasks } from './run/tasks.js'
import { contenders } from './savers/index.js'
import { buildPackages } from './services/build-packages.js'
import { Services } from './services/services.js'

/** Starts what is needed, measures all that was asked for, and judges it. */
export async function runBench(options: Arguments, out: Output): Promise<Report> {
  const { quick, rounds, seed, only, code } = options
  const named = options.savers !== undefined
  const chosen = contenders.filter(({ id }) => options.savers?.includes(id) ?? true)
  const plan: Plan = { quick, rounds, seed, only, contenders: chosen, named, code }
  // A quick run has workloads that nobody takes part in.
  const selected = tasks.filter((task) => only.includes(task.id) && task.lanes(plan).length > 0)
  using progress = new Progress(
    selected.reduce((sum, task) => sum + task.steps(plan), 0),
    out,
  )
  const [loadBefore = 0] = loadavg()
  const startedAt = new Date().toISOString()
  const field = selected.flatMap((task) => task.lanes(plan))
  const needs = new Set(field.flatMap((contender) => contender.needs))
  if (code === 'built') await buildPackages((message) => progress.say(message))
  await using services = await Services.start(needs, (message) => progress.say(message))
  const begin = performance.now()
  await using children = new Children(code)
  const context = { plan, services, children, step: (what: string) => progress.step(what) }
  const results: WorkloadResult[] = []
  for (const task of selected) results.push(await task.run(context))
  return {
    format: 1,
    startedAt,
    seconds: Math.round((performance.now() - begin) / 1000),
    quick,
    rounds,
    seed,
    machine: describeMachine(services.versions, loadBefore),
    workloads: results,
    budgets: await judgeBudgets(results),
  }
}
