import { type Fault, outageCodes } from './fault.js'
import { anyPrimary } from './takeover.js'

export const empty: Fault = {
  title: 'a primary is killed with -9 and comes back without data before anybody takes over',
  topologies: ['standalone', 'sentinel', 'cluster'],
  byDefault: false,
  rightCodes: outageCodes,
  mayLose: () => true,
  async inject(context) {
    const primary = await anyPrimary(context)
    await primary.kill()
    await primary.restart({ empty: true })
    return primary.name
  },
}
