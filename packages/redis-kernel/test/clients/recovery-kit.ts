import { setTimeout as delay } from 'node:timers/promises'
import { DriverFault } from '@cairnkit/core/driver'
import {
  type ClusterLab,
  type LabNode,
  type SentinelLab,
  type StandaloneLab,
  startLab,
  waitFor,
} from '@cairnkit/redis-lab'
import { afterAll, beforeAll } from 'vitest'
import type { RedisReply, RedisTransport } from '../../src/connections/index.js'
import { classifyServerError } from '../../src/storage/index.js'
import type { LocalServer, ReplyThief } from '../support/servers.js'

/** Servers that suites share, one of each kind. */
export interface RecoveryLabs {
  readonly standalone: StandaloneLab
  readonly sentinel: SentinelLab
  readonly cluster: ClusterLab
}

/** Starts them before the tests, and ends them after. */
export function useRecoveryLabs(): () => RecoveryLabs {
  let labs: RecoveryLabs | undefined
  beforeAll(async () => {
    const [standalone, sentinel, cluster] = await Promise.all([
      startLab('standalone', { appendOnly: true }),
      startLab('sentinel', { failover: 'soon' }),
      startLab('cluster', { failover: 'soon' }),
    ])
    labs = { standalone, sentinel, cluster }
  })
  afterAll(async () => {
    if (labs !== undefined)
      await Promise.all([labs.standalone, labs.sentinel, labs.cluster].map((lab) => lab.stop()))
  })
  return () => {
    if (labs === undefined) throw new Error('the servers have not started')
    return labs
  }
}

/** The databases that single servers are used with. After a lost connection a client has to choose the second one anew. */
export const databases: readonly number[] = [0, 3]

/** What a key of a database holds. */
export async function valueIn(node: LabNode, db: number, key: string): Promise<unknown> {
  const script = "redis.call('SELECT', ARGV[1]) return redis.call('GET', KEYS[1])"
  return await node.command('EVAL', script, '1', key, String(db))
}

/** What a failed command means; `undefined` where nobody knows. */
export const disposition = (transport: RedisTransport, cause: unknown): string | undefined =>
  DriverFault.isInstance(cause)
    ? cause.disposition
    : (classifyServerError(cause) ?? transport.classify(cause))?.disposition

export const incr = (transport: RedisTransport, key: string): Promise<RedisReply> =>
  transport.send(Buffer.from(key), ['INCR', Buffer.from(key)])

/** Repeats while it is certain that nothing was applied. */
export async function untilSent(transport: RedisTransport, key: string): Promise<RedisReply> {
  for (;;) {
    try {
      return await incr(transport, key)
    } catch (cause) {
      if (disposition(transport, cause) !== 'transient') throw cause
      await delay(20)
    }
  }
}

/** When one of these replicas was a primary. A Sentinel ends the connections of the one that it promotes. */
export async function promotion(replicas: readonly LabNode[]): Promise<number> {
  return await waitFor('a replica is promoted', async () => {
    const roles = await Promise.all(replicas.map(async (node) => String(await node.command('ROLE'))))
    return roles.some((role) => role.startsWith('master')) ? performance.now() : undefined
  })
}

export const addresses = (
  nodes: readonly { host: string; port: number }[],
): { host: string; port: number }[] => nodes.map(({ host, port }) => ({ host, port }))

/** A thief before every data server, and the map that leads to it. */
export async function thieves(
  thief: ReplyThief,
  nodes: readonly { host: string; port: number }[],
): Promise<{ proxies: LocalServer[]; addressMap: Record<string, { host: string; port: number }> }> {
  const proxies = await Promise.all(nodes.map((node) => thief.before(node)))
  const entries = nodes.map(({ host, port }, at) => {
    const proxy = proxies[at]
    if (proxy === undefined) throw new Error('no proxy')
    return [`${host}:${port}`, { host: proxy.host, port: proxy.port }] as const
  })
  return { proxies, addressMap: Object.fromEntries(entries) }
}
