import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLab } from '@cairnkit/redis-lab'
import { bar } from '@cairnkit/tool-kit'
import { readBack } from '../check/read-back.js'
import type { Bargain } from '../faults/index.js'
import { readLog } from '../log/ack-log.js'
import { namespaceNetwork } from '../network/namespace-network.js'
import { proxyNetwork } from '../network/proxy-network.js'
import type { Progress } from '../output/progress.js'
import { type CellReport, reportOf } from '../report/cell-report.js'
import { clientNames, replicasOf } from '../settings.js'
import { injectFaults } from './inject.js'
import type { CellPlan } from './plan.js'
import { Writers } from './writers.js'

/** Starts a topology and writers, breaks it, stops them, and checks what is there. */
export async function runCell(plan: CellPlan, progress: Progress): Promise<CellReport> {
  const begin = performance.now()
  const directory = await mkdtemp(join(tmpdir(), `cairn-chaos-${plan.topology}-`))
  progress.show(() => `${plan.topology}: starting`)
  const network = plan.network === 'namespaces' ? 'namespaces' : 'loopback'
  await using lab = await startLab(plan.topology, { appendOnly: true, failover: 'soon', network })
  await using cables = plan.network === 'namespaces' ? namespaceNetwork() : await proxyNetwork(lab.nodes)
  using writers = new Writers(plan, lab, cables, directory)
  const replicaCount = replicasOf[plan.topology]
  const bargain: Bargain = { topology: plan.topology, replicas: plan.saver.replicas, replicaCount }

  await writers.writeAfter(0)
  const { records, problems } = await injectFaults(plan, bargain, {
    lab,
    network: cables,
    writers,
    progress,
  })
  progress.show(() => `${plan.topology}: the last turns end`)
  await writers.stop()

  const logs = writers.processes.map(({ orders }) => ({
    client: orders.client,
    entries: readLog(orders.logFile),
  }))
  const entries = logs.flatMap((log) => log.entries)
  let share = 0
  progress.show(() => `${bar(share)} ${plan.topology}: reading back what was acknowledged`)
  const findings = await readBack(clientNames, lab, entries, (done, total) => {
    share = done / total
  })
  const report = reportOf({
    plan,
    seconds: (performance.now() - begin) / 1000,
    faults: records,
    logs,
    findings,
    healed: writers.healed,
    problems: [...problems, ...writers.deaths],
    warnings: writers.processes.flatMap(({ errors }) => (errors === '' ? [] : errors)),
    directory,
  })
  if (report.broken.length === 0) await rm(directory, { recursive: true, force: true })
  return report
}
