import {
  BorrowedLane,
  type ConnectionPlan,
  type Lane,
  LaneTransport,
  OwnedLane,
} from '@cairnkit/redis-kernel'
import { borrowedClient } from './borrowed.js'
import { clusterClient } from './cluster.js'
import { classifyNodeRedisError } from './errors.js'
import type { NodeRedisClient } from './options.js'
import { sentinelClient } from './sentinel.js'
import { standaloneClient } from './standalone.js'

export function nodeRedisTransport(plan: ConnectionPlan<NodeRedisClient>): LaneTransport {
  const more = Array.from({ length: plan.poolSize - 1 }, () => lane(plan))
  return new LaneTransport('node-redis', [lane(plan), ...more], classifyNodeRedisError)
}

function lane(plan: ConnectionPlan<NodeRedisClient>): Lane {
  switch (plan.kind) {
    case 'standalone':
      return new OwnedLane(standaloneClient(plan.settings))
    case 'sentinel':
      return new OwnedLane(sentinelClient(plan.settings))
    case 'cluster':
      return new OwnedLane(clusterClient(plan.settings))
    case 'borrowed':
      return new BorrowedLane(borrowedClient(plan.client), plan.client)
  }
}
