import { setTimeout as sleep } from 'node:timers/promises'
import { type Fault, namesOf, outageCodes } from './fault.js'
import { anyPrimary, replicasOfPrimary, takenOver } from './takeover.js'

/** How long replicas fall behind. */
const STALL_MS = { sentinel: 4000, cluster: 2500, standalone: 0, 'standalone-tls': 0 } as const

export const stall: Fault = {
  title: 'the replicas of a primary are frozen for a while, then it is killed with -9, and they are thawed',
  topologies: ['sentinel', 'cluster'],
  byDefault: true,
  rightCodes: outageCodes,
  mayLose: ({ replicas }) => replicas === 0,
  async inject(context) {
    const primary = await anyPrimary(context)
    const replicas = await replicasOfPrimary(context.lab, primary)
    await Promise.all(replicas.map((replica) => replica.pause()))
    await sleep(STALL_MS[context.lab.kind])
    await primary.kill()
    await Promise.all(replicas.map((replica) => replica.resume()))
    await takenOver(context, primary)
    await primary.restart()
    return `${namesOf(replicas)}, then ${primary.name}`
  },
}
