import { type LabNode, startLab, waitFor } from '@cairnkit/redis-lab'
import { describe, expect, it } from 'vitest'
import { type RedisTransport, planConnection } from '../../src/connections/index.js'
import { Endpoint } from '../support/servers.js'
import type { CreateTransport, DriverOptions } from './client-under-test.js'
import { databases, disposition, incr, untilSent, valueIn } from './recovery-kit.js'

/** On a quiet machine it takes a tenth of a second; this is far from for ever. */
const SOON_MS = 5000

/** How one server takes over from another one, which follows it then. */
const takeovers = {
  REPLICAOF: async (from: LabNode, to: LabNode): Promise<void> => {
    await to.command('REPLICAOF', 'NO', 'ONE')
    await from.command('REPLICAOF', to.host, String(to.port))
  },
  FAILOVER: async (from: LabNode, to: LabNode): Promise<void> => {
    await waitFor('its replica may take over', async () =>
      String(await from.command('INFO', 'replication')).includes('state=online') ? true : undefined,
    )
    await from.command('FAILOVER')
    await waitFor('the other one is the primary', async () =>
      String(await to.command('ROLE')).startsWith('master') ? true : undefined,
    )
  },
}

/** Has `to` take over from `from`, which follows it. */
async function demote(from: LabNode, to: LabNode, by: keyof typeof takeovers): Promise<void> {
  await to.command('REPLICAOF', from.host, String(from.port))
  await waitFor('the replica is in step', async () =>
    String(await to.command('INFO', 'replication')).includes('master_link_status:up') ? true : undefined,
  )
  await takeovers[by](from, to)
}

/**
 * Expects that a transport for one address goes on at the new primary once the address leads there, though its connections to the
 * old one stand.
 */
export async function expectToLeaveReplica(
  transportTo: (port: number) => RedisTransport,
  {
    keys = ['a'],
    db = 0,
    by = 'REPLICAOF',
  }: {
    readonly keys?: readonly string[]
    readonly db?: number
    readonly by?: keyof typeof takeovers
  } = {},
): Promise<void> {
  await using labs = await twoServers()
  const { old, next } = labs
  const endpoint = new Endpoint(old)
  await using server = await endpoint.start()
  const transport = transportTo(server.port)
  await transport.connect({ timeoutMs: 5000 })
  for (const key of keys) await incr(transport, key)
  await demote(old, next, by)
  const refused: unknown = await incr(transport, 'refused').catch((cause: unknown) => cause)
  expect(String(refused)).toContain('READONLY')
  expect(disposition(transport, refused)).toBe('transient')
  endpoint.target = next
  const startedAt = performance.now()
  // What is under way when its connection is left may be lost, once; the replica that it led to applied nothing.
  for (const key of keys)
    expect(await untilSent(transport, key).catch(() => untilSent(transport, key))).toBe(2)
  expect(performance.now() - startedAt).toBeLessThan(SOON_MS)
  for (const key of keys) expect(await valueIn(next, db, key)).toBe('2')
  // As a command with a WAIT behind it, too.
  await demote(next, old, by)
  endpoint.target = old
  const wait = ['WAIT', '0', '1'] as const
  const key = Buffer.from('waited')
  const waited = await waitFor('it is sent to the primary', async () => {
    const sent = transport.sendThenWait(key, ['INCR', key], wait, { timeoutMs: 10_000 })
    return await sent.catch((cause: unknown) => {
      if (disposition(transport, cause) === 'permanent') throw cause
      return undefined
    })
  })
  expect(waited.reply).toBe(1)
  await transport.close()
}

async function twoServers(): Promise<AsyncDisposable & { readonly old: LabNode; readonly next: LabNode }> {
  const labs = await Promise.all([startLab('standalone'), startLab('standalone')])
  return {
    old: labs[0].nodes[0],
    next: labs[1].nodes[0],
    [Symbol.asyncDispose]: async () => {
      await Promise.all(labs.map((lab) => lab.stop()))
    },
  }
}

/** What a transport for one address does when another server takes over behind it. */
export function describeDemotions(create: CreateTransport): void {
  const transportOf = (options: DriverOptions): RedisTransport => create(planConnection(options))

  describe('a primary that becomes a replica', () => {
    it.each(databases)('is left, database %i', async (db) => {
      const to = (port: number): RedisTransport => transportOf({ url: `redis://127.0.0.1:${port}/${db}` })
      await expect(expectToLeaveReplica(to, { db })).resolves.toBeUndefined()
    })

    it('is left after a failover that an operator began', async () => {
      const to = (port: number): RedisTransport => transportOf({ url: `redis://127.0.0.1:${port}` })
      await expect(expectToLeaveReplica(to, { by: 'FAILOVER' })).resolves.toBeUndefined()
    })

    it('is left by each connection of a pool', async () => {
      const to = (port: number): RedisTransport =>
        transportOf({ url: `redis://127.0.0.1:${port}`, poolSize: 3 })
      const keys = ['a', 'b', 'c', 'd', 'e', 'f']
      await expect(expectToLeaveReplica(to, { keys })).resolves.toBeUndefined()
    })

    it('is told of for as long as the address leads to it', async () => {
      await using labs = await twoServers()
      const { old, next } = labs
      const transport = transportOf({ url: `redis://127.0.0.1:${old.port}` })
      await transport.connect({ timeoutMs: 5000 })
      await demote(old, next, 'REPLICAOF')
      for (let attempt = 0; attempt < 20; attempt++) {
        const cause: unknown = await incr(transport, 'refused').catch((error: unknown) => error)
        expect(String(cause)).toMatch(/READONLY|LOADING|MASTERDOWN/)
        expect(disposition(transport, cause)).toBe('transient')
      }
      await old.command('REPLICAOF', 'NO', 'ONE')
      expect(await untilSent(transport, 'refused')).toBe(1)
      await transport.close()
    })
  })
}
