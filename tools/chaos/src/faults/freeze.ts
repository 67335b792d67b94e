import { type Fault, outageCodes } from './fault.js'
import { anyPrimary, takenOver } from './takeover.js'

export const freeze: Fault = {
  title: 'a primary is frozen until another took over, and thawed: for a moment there are two',
  topologies: ['standalone', 'sentinel', 'cluster'],
  byDefault: true,
  rightCodes: outageCodes,
  // It is left when its failover begins, so what it takes after that is acknowledged to nobody.
  mayLose: ({ replicas }) => replicas === 0,
  async inject(context) {
    const primary = await anyPrimary(context)
    await primary.pause()
    await takenOver(context, primary)
    await primary.resume()
    return primary.name
  },
}
