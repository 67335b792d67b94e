import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { DriverFault } from '@cairnkit/core/driver'
import { type LabNode, type SentinelLab, startLab, waitFor } from '@cairnkit/redis-lab'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type RedisConnectionOptions,
  type RedisTransport,
  planConnection,
} from '../../src/connections/index.js'
import { AcknowledgedWrites } from './acknowledged-writes.js'
import type { CreateTransport } from './client-under-test.js'

/** How many connections of the driver there are, at each server by its name. */
type Counts = Readonly<Record<string, { readonly normal: number; readonly pubsub: number }>>

/** How many connections a driver makes behind Sentinels, and where they are after a failover. */
export function describeSentinelConnections(create: CreateTransport): void {
  describe('the connections of a driver behind Sentinels', () => {
    let lab: SentinelLab
    beforeAll(async () => {
      lab = await startLab('sentinel', { failover: 'soon' })
    })
    afterAll(() => lab.stop())

    const transportOf = (options: RedisConnectionOptions): RedisTransport => {
      const nodes = lab.sentinels.map(({ host, port }) => ({ host, port }))
      return create(planConnection<never>({ ...options, sentinel: { name: lab.name, nodes } }))
    }

    const counts = async (): Promise<Counts> => {
      const servers = [...lab.sentinels, ...lab.nodes]
      return Object.fromEntries(
        await Promise.all(servers.map(async (node) => [node.name, await countAt(node)])),
      )
    }

    const wanted = (primary: string, poolSize: number): Counts =>
      Object.fromEntries([
        ...lab.sentinels.map(({ name }) => [name, { normal: 1, pubsub: 1 }] as const),
        ...lab.nodes.map(
          ({ name }) => [name, { normal: name === primary ? poolSize : 0, pubsub: 0 }] as const,
        ),
      ])
    const none = (): Counts =>
      Object.fromEntries([...lab.sentinels, ...lab.nodes].map(({ name }) => [name, { normal: 0, pubsub: 0 }]))

    /** What they are a while after they have become as expected. */
    const settled = async (expected: Counts): Promise<Counts> => {
      const limits = { timeoutMs: 10_000, intervalMs: 50 }
      const isSo = async (): Promise<true | undefined> =>
        isDeepStrictEqual(await counts(), expected) || undefined
      // What is returned tells more than that it was waited for in vain.
      await waitFor('the connections are as expected', isSo, limits).catch(() => undefined)
      await delay(700)
      return await counts()
    }

    const primaryName = async (): Promise<string> => (await lab.primaries())[0]?.name ?? 'none'

    it.each([1, 8])(
      'are two to each Sentinel and %i to the primary, with as many in the pool',
      async (poolSize) => {
        const transport = transportOf({ poolSize })
        for (let round = 0; round < 2; round++) {
          await transport.connect({ timeoutMs: 5000 })
          const expected = wanted(await primaryName(), poolSize)
          expect(await settled(expected)).toEqual(expected)
          await transport.close()
          expect(await settled(none())).toEqual(none())
        }
      },
    )

    it('leave the old primary together before another one is promoted, and lose nothing that was acknowledged', async () => {
      const poolSize = 8
      const transport = transportOf({ poolSize, commandTimeoutMs: 1500 })
      await transport.connect({ timeoutMs: 5000 })
      const before = await primaryName()
      expect(await settled(wanted(before, poolSize))).toEqual(wanted(before, poolSize))
      // Sentinels appoint nobody before they trust the replicas.
      await delay(1000)
      const writes = new AcknowledgedWrites(transport)
      await waitFor('something is acknowledged', () => writes.count > 100 || undefined)
      const replicas = lab.nodes.filter(({ name }) => name !== before)
      await lab.sentinels[0]?.command('SENTINEL', 'FAILOVER', lab.name)
      const promotedAt = await waitFor('a replica is promoted', async () => {
        const roles = await Promise.all(replicas.map(async (node) => String(await node.command('ROLE'))))
        return roles.some((role) => role.startsWith('master')) ? performance.now() : undefined
      })
      const after = await waitFor('another server takes over, and the other ones follow it', async () => {
        await lab.ready()
        const now = (await lab.primaries())[0]
        return now !== undefined && now.name !== before ? now : undefined
      })
      await waitFor('writes are acknowledged again', () => writes.countSince(promotedAt) > 100 || undefined)
      await writes.end()
      expect(await writes.missingOn(after, promotedAt)).toEqual([])
      expect(await settled(wanted(after.name, poolSize))).toEqual(wanted(after.name, poolSize))
      const keys = Array.from({ length: 40 }, (_, at) => Buffer.from(`key-${at}`))
      expect(await Promise.all(keys.map((key) => transport.send(key, ['INCR', key])))).toEqual(
        keys.map(() => 1),
      )
      await transport.close()
      expect(await settled(none())).toEqual(none())
    })

    it('are all ended when one of a pool cannot be made', async () => {
      const transport = transportOf({ poolSize: 3, db: 99 })
      await expect(transport.connect({ timeoutMs: 5000 })).rejects.toMatchObject({ code: 'unsupported' })
      expect(await settled(none())).toEqual(none())
    })

    it('that are being looked for refuse commands as not sent', async () => {
      const transport = transportOf({ commandTimeoutMs: 1000, connectTimeoutMs: 2000 })
      await transport.connect({ timeoutMs: 5000 })
      const [primary] = await lab.primaries()
      const key = Buffer.from('frozen')
      // The server takes the connection that is to replace this one, and says nothing on it.
      await primary?.command('CLIENT', 'KILL', 'TYPE', 'normal')
      await primary?.pause()
      const refusals: DriverFault[] = []
      for (const until = performance.now() + 2500; performance.now() < until; await delay(20)) {
        // Anything else is about a command that was under way when its connection was lost.
        void transport.send(key, ['ECHO', 'x']).catch((cause: unknown) => {
          if (DriverFault.isInstance(cause)) refusals.push(cause)
        })
      }
      await primary?.resume()
      expect(refusals.length).toBeGreaterThan(0)
      expect(refusals.filter(({ disposition }) => disposition !== 'transient')).toEqual([])
      await transport.close()
    })
  })
}

async function countAt(node: LabNode): Promise<{ normal: number; pubsub: number }> {
  const own = String(await node.command('CLIENT', 'ID'))
  const count = async (type: string): Promise<number> => {
    const list = String(await node.command('CLIENT', 'LIST', 'TYPE', type))
    const lines = list.split('\n').filter((line) => line.startsWith('id='))
    return lines.filter((line) => !line.startsWith(`id=${own} `) && !/ name=sentinel-/.test(line)).length
  }
  return { normal: await count('normal'), pubsub: await count('pubsub') }
}
