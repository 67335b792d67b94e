import { namespacesWork } from '@cairnkit/redis-lab'
import type { Output } from '@cairnkit/tool-kit'
import type { Arguments } from './arguments.js'
import { faultsOf } from './faults/index.js'
import { cellText } from './output/cell-text.js'
import { Progress } from './output/progress.js'
import type { CellReport } from './report/cell-report.js'
import { runCell } from './run/cell.js'
import type { CellPlan } from './run/plan.js'
import { type TopologyName, replicasOf } from './settings.js'

/** One topology after the other. */
export async function runChaos(options: Arguments, out: Output): Promise<CellReport[]> {
  using progress = new Progress(out)
  const network = options.network ?? ((await namespacesWork()) ? 'namespaces' : 'proxy')
  const reports: CellReport[] = []
  for (const topology of options.topologies) {
    const report = await runCell(planOf(options, topology, network), progress)
    progress.say(`${topology}: checked\n\n${cellText(report)}`)
    reports.push(report)
  }
  return reports
}

function planOf(options: Arguments, topology: TopologyName, network: CellPlan['network']): CellPlan {
  const { replicas, healing, clients, seed, writers, short, minutes } = options
  const most = replicasOf[topology]
  return {
    topology,
    clients,
    saver: {
      replicas: replicas === 'all' ? most : Math.min(replicas, most),
      healing,
    },
    faults: faultsOf(topology, options.faults),
    minutes: short ? undefined : minutes,
    seed,
    writers,
    network,
  }
}
