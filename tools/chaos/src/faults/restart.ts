import { type Fault, outageCodes } from './fault.js'
import { anyPrimary } from './takeover.js'

export const restart: Fault = {
  title: 'a primary is killed with -9 and comes back with its data before anybody takes over',
  topologies: ['standalone', 'sentinel', 'cluster'],
  byDefault: true,
  rightCodes: outageCodes,
  // On a busy machine somebody takes over after all.
  mayLose: ({ topology, replicas }) => topology !== 'standalone' && replicas === 0,
  async inject(context) {
    const primary = await anyPrimary(context)
    await primary.kill()
    await primary.restart()
    return primary.name
  },
}
