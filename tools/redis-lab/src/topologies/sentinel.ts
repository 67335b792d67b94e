import type { RedisConnection } from '../connection.js'
import type { SentinelFacts } from '../facts.js'
import type { LabHost } from '../lab-host.js'
import { ControlledNode } from '../lab-node.js'
import { replicasInStep } from '../readiness.js'
import { RedisReplyError } from '../resp.js'
import { waitFor } from '../wait-for.js'
import type { TopologyFacts } from './topology-facts.js'

/** One primary, two replicas, three sentinels. */
export async function startSentinel(host: LabHost): Promise<TopologyFacts<SentinelFacts>> {
  const name = 'cairn-primary'
  const primaryPort = host.port(0)
  const data = (index: number): string[] => [
    `bind ${host.address(index)}`,
    `port ${host.port(index)}`,
    ...host.dataConfig(),
  ]
  const primary = await host.start({
    name: 'primary-1',
    role: 'primary',
    port: primaryPort,
    config: data(0),
  })
  const replicas = await Promise.all(
    [1, 2].map((index) =>
      host.start({
        name: `replica-${index}`,
        role: 'replica',
        port: host.port(index),
        config: [...data(index), `replicaof ${primary.host} ${primaryPort}`],
      }),
    ),
  )
  // Sentinels learn of replicas from the primary, and ask it again only after 10 s.
  const handle = new ControlledNode(primary, {}, host)
  try {
    await waitFor(
      'both replicas are in step',
      async () => (await replicasInStep(handle, 2)) || undefined,
      host.limits,
    )
  } finally {
    handle.disconnect()
  }
  const downAfterMs = host.options.sentinelDownAfterMs ?? 2000
  const sentinels = await Promise.all(
    [1, 2, 3].map((index) =>
      host.start({
        name: `sentinel-${index}`,
        role: 'sentinel',
        port: host.port(2 + index),
        config: [
          `bind ${host.address(2 + index)}`,
          `port ${host.port(2 + index)}`,
          `sentinel monitor ${name} ${primary.host} ${primaryPort} 2`,
          `sentinel down-after-milliseconds ${name} ${downAfterMs}`,
          `sentinel failover-timeout ${name} ${Math.max(5000, downAfterMs * 2)}`,
          `sentinel parallel-syncs ${name} 1`,
        ],
        afterStart: shortenPeriods,
      }),
    ),
  )
  const addresses = sentinels.map((sentinel) => `${sentinel.host}:${sentinel.port}`).join(',')
  return {
    kind: 'sentinel',
    url: `redis+sentinel://${addresses}/${name}`,
    name,
    nodes: [primary, ...replicas],
    sentinels,
  }
}

/** 0.4 s instead of 2.3 s until the sentinels know each other. */
async function shortenPeriods(connection: RedisConnection): Promise<void> {
  try {
    await connection.call('SENTINEL', 'DEBUG', 'info-period', '200', 'publish-period', '200')
  } catch (error) {
    // Redis 6.2 has no such command, and only takes longer.
    if (!(error instanceof RedisReplyError)) throw error
  }
}
