import type { RedisConnection } from '../connection.js'
import type { SentinelFacts } from '../facts.js'
import type { LabHost } from '../lab-host.js'
import type { FailoverPace } from '../lab-options.js'
import { ControlledNode } from '../lab-node.js'
import { replicasInStep } from '../readiness.js'
import { RedisReplyError } from '../resp.js'
import { waitFor } from '../wait-for.js'
import type { TopologyFacts } from './topology-facts.js'

/** Below 2 s a busy machine makes Sentinels fail over twice. */
const DOWN_AFTER_MS: Readonly<Record<FailoverPace, number>> = { soon: 2000, late: 30_000 }

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
  const downAfterMs = DOWN_AFTER_MS[host.options.failover ?? 'late']
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
          `sentinel failover-timeout ${name} 5000`,
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
