import { type Fault, outageCodes } from './fault.js'
import { anyPrimary, takenOver } from './takeover.js'

export const kill: Fault = {
  title: 'a primary is killed with -9, another takes over, and it comes back with its data',
  topologies: ['standalone', 'sentinel', 'cluster'],
  byDefault: true,
  rightCodes: outageCodes,
  mayLose: ({ topology, replicas }) => topology !== 'standalone' && replicas === 0,
  async inject(context) {
    const primary = await anyPrimary(context)
    await primary.kill()
    await takenOver(context, primary)
    await primary.restart()
    return primary.name
  },
}
