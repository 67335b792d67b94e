/**
 * Measures how long writers stand still when a primary is lost, with the defaults of the drivers:
 *
 *   node --conditions=@cairnkit/source --import tsx packages/integration/src/failover-gap.ts \
 *     [--client ioredis|node-redis] [--topology sentinel|cluster] [--fault kill|freeze] [--rounds 5] [--trace]
 *
 * A gap is the longest time between two acknowledgements of one writer. Prints each round, median and worst.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Keyspace, type RetryEvent } from '@cairnkit/core'
import {
  type ClusterLab,
  type LabNode,
  type SentinelLab,
  labFacts,
  startLab,
  waitFor,
} from '@cairnkit/redis-lab'
import type { ClientName } from './cells.js'
import { redisDriver } from './redis-driver.js'
import { Writers, partitionsOn } from './writers.js'

const WRITERS = 8
const KEY_PREFIX = 'cairn-gap'

type Fault = 'kill' | 'freeze'

interface Round {
  readonly gapMs: number
  readonly promotedMs: number
}

async function measure(
  client: ClientName,
  topology: 'sentinel' | 'cluster',
  fault: Fault,
  rounds: number,
  trace: boolean,
): Promise<void> {
  const results: Round[] = []
  for (let round = 0; round < rounds; round++) {
    // A topology for each round: what the former fault left behind does not count.
    await using lab = await startLab(topology, { failover: 'soon' })
    await using driver = redisDriver(
      { kind: 'redis', client, topology, major: 'current' },
      labFacts(lab),
      KEY_PREFIX,
    )
    const log: string[] = []
    const startedAt = performance.now()
    const since = (): number => Math.round(performance.now() - startedAt)
    let faultAt = 0
    const onRetry = ({ attempt, errorCode, delayMs }: RetryEvent): void => {
      if (trace) log.push(`${since() - faultAt} retry ${attempt} ${errorCode} in ${Math.round(delayMs)}`)
    }
    const keyspace = new Keyspace(driver, ['gap'], { observer: { onRetry } })
    const victim = lab.kind === 'cluster' ? lab.nodes[0] : await onlyPrimary(lab)
    const partitions = await partitionsOn(lab, victim, keyspace, KEY_PREFIX, WRITERS)
    const writers = new Writers(partitions)
    await delay(1500)
    faultAt = since()
    await (fault === 'kill' ? victim.kill() : victim.pause())
    const promotedMs = await promotion(lab, victim).then((at) => Math.round(at - startedAt) - faultAt)
    await delay(5000)
    const { gaps, errors } = await writers.stop()
    const gapMs = Math.round(Math.max(...gaps))
    results.push({ gapMs, promotedMs })
    if (trace) console.log(log.join('\n'))
    console.log(
      `${client} ${topology} ${fault}: ${gapMs} ms, another named after ${promotedMs} ms, errors: ${errors.map(({ code }) => code).join(' ') || 'none'}`,
    )
    if (fault === 'freeze') await victim.resume()
  }
  const gaps = results.map(({ gapMs }) => gapMs).toSorted((left, right) => left - right)
  const after = results
    .map(({ gapMs, promotedMs }) => gapMs - promotedMs)
    .toSorted((left, right) => left - right)
  const middle = Math.floor(gaps.length / 2)
  console.log(
    `=> ${client} ${topology} ${fault}: median ${gaps[middle]} ms, worst ${gaps.at(-1)} ms; after that ${after[middle]} / ${after.at(-1)} ms`,
  )
}

async function onlyPrimary(lab: SentinelLab): Promise<LabNode> {
  const [primary] = await lab.primaries()
  if (primary === undefined) throw new Error('There is no primary')
  return primary
}

/** When another server takes writes, by the Sentinels or by the other nodes. */
async function promotion(lab: SentinelLab | ClusterLab, victim: LabNode): Promise<number> {
  const others = lab.nodes.filter(({ name }) => name !== victim.name)
  const limits = { intervalMs: 10, timeoutMs: 30_000 }
  return await waitFor(
    'another primary is there',
    async () => {
      if (lab.kind === 'cluster') {
        const slots = JSON.stringify(await others[0]?.command('CLUSTER', 'SLOTS'))
        const isOwner = new RegExp(`\\[0,5460,\\["127.0.0.1",${victim.port},`).test(slots)
        return isOwner ? undefined : performance.now()
      }
      // Clients cannot know before one Sentinel does.
      const named = await Promise.all(
        lab.sentinels.map((sentinel) => sentinel.command('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', lab.name)),
      )
      return named.some((address) => Array.isArray(address) && address[1] !== String(victim.port))
        ? performance.now()
        : undefined
    },
    limits,
  )
}

const { values } = parseArgs({
  options: {
    client: { type: 'string' },
    topology: { type: 'string' },
    fault: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    trace: { type: 'boolean', default: false },
  },
})
for (const fault of ['kill', 'freeze'] as const)
  for (const topology of ['sentinel', 'cluster'] as const)
    for (const client of ['ioredis', 'node-redis'] as const)
      if (
        (values.fault ?? fault) === fault &&
        (values.topology ?? topology) === topology &&
        (values.client ?? client) === client
      )
        await measure(client, topology, fault, Number(values.rounds), values.trace)
