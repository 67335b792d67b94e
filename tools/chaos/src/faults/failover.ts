import {
  type ClusterLab,
  type LabNode,
  RedisReplyError,
  type SentinelLab,
  waitFor,
} from '@cairnkit/redis-lab'
import { pick } from '../random.js'
import { type Fault, type FaultContext, outageCodes } from './fault.js'
import { anyPrimary, replicasOfPrimary, takenOver } from './takeover.js'

export const failover: Fault = {
  title: 'a failover on command: SENTINEL FAILOVER, or CLUSTER FAILOVER of one shard',
  topologies: ['sentinel', 'cluster'],
  byDefault: true,
  rightCodes: outageCodes,
  // A cluster hands over in step. Sentinel promotes a replica while the old primary goes on, with what the replica lacks.
  mayLose: ({ topology, replicas }) => topology === 'sentinel' && replicas === 0,
  async inject(context) {
    const primary = await anyPrimary(context)
    const { lab } = context
    if (lab.kind === 'sentinel') await commandSentinel(lab, context)
    if (lab.kind === 'cluster') await commandReplica(lab, primary, context)
    await takenOver(context, primary)
    return primary.name
  },
}

/** A sentinel refuses while it does not trust a replica yet, or while it is busy with another failover. */
async function commandSentinel(lab: SentinelLab, { random }: FaultContext): Promise<void> {
  const sentinel = pick(random, lab.sentinels)
  await waitFor(
    `${sentinel.name} begins a failover`,
    async () => {
      await sentinel.command('SENTINEL', 'FAILOVER', lab.name)
      return true
    },
    { intervalMs: 100 },
  )
}

/** A failover that its primary does not agree to within 5 s is given up by the replica: then it is asked again. */
async function commandReplica(lab: ClusterLab, primary: LabNode, { random }: FaultContext): Promise<void> {
  const replica = pick(random, await replicasOfPrimary(lab, primary))
  let askedAt = -Infinity
  await waitFor(
    `${replica.name} has taken over from ${primary.name}`,
    async () => {
      const [role] = (await replica.command('ROLE')) as [string]
      if (role === 'master') return true
      if (performance.now() - askedAt < 6000) return undefined
      askedAt = performance.now()
      await replica.command('CLUSTER', 'FAILOVER').catch(refused)
      return undefined
    },
    { intervalMs: 20 },
  )
}

/** The link to its primary is not up yet: asked again later. */
function refused(error: unknown): void {
  if (!(error instanceof RedisReplyError)) throw error
}
