import { setTimeout as sleep } from 'node:timers/promises'
import { type Fault, outageCodes } from './fault.js'
import { anyPrimary, takenOver } from './takeover.js'

/** Of writers alone: the servers see each other, so nobody takes over. */
const CUT_MS = 3000

export const cut: Fault = {
  title: 'a primary is cut off the network until another took over (by proxy: from the writers, for 3 s)',
  topologies: ['standalone', 'sentinel', 'cluster'],
  byDefault: true,
  rightCodes: outageCodes,
  mayLose: ({ topology, replicas }) => topology !== 'standalone' && replicas === 0,
  async inject(context) {
    const { network } = context
    const primary = await anyPrimary(context)
    await network.cut(primary)
    if (network.kind === 'namespaces') await takenOver(context, primary)
    else await sleep(CUT_MS)
    await network.mend(primary)
    return primary.name
  },
}
