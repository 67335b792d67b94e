import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { type RedisTransport, planConnection } from '../../src/connections/index.js'
import { ReplyThief } from '../support/servers.js'
import type { CreateTransport, DriverOptions } from './client-under-test.js'
import {
  type RecoveryLabs,
  addresses,
  databases,
  disposition,
  incr,
  thieves,
  untilSent,
  valueIn,
} from './recovery-kit.js'

/** What becomes of a command whose reply is lost: it was carried out once, and nobody is told otherwise. */
export function describeLostReplies(create: CreateTransport, labs: () => RecoveryLabs): void {
  const transportOf = (options: DriverOptions): RedisTransport => create(planConnection(options))

  describe('a reply that is lost', () => {
    /** Resolves to how often the server has carried out what was sent once. */
    async function timesApplied(
      options: DriverOptions,
      thief: ReplyThief,
      counted: () => Promise<unknown>,
    ): Promise<unknown> {
      const transport = transportOf(options)
      await transport.connect({ timeoutMs: 5000 })
      await incr(transport, 'warm')
      thief.steal('INCR')
      const lost: unknown = await incr(transport, 'once').then(
        () => 'it resolved',
        (cause: unknown) => cause,
      )
      expect(thief.stolen).toBe(1)
      expect(lost).toBeInstanceOf(Error)
      expect(disposition(transport, lost)).toBe('ambiguous')
      expect(await untilSent(transport, 'after')).toBe(1)
      // Whatever was to be sent again has had its chance.
      await delay(300)
      await transport.close()
      return await counted()
    }

    it.each(databases)('standalone, database %i', async (db) => {
      const thief = new ReplyThief()
      const [node] = labs().standalone.nodes
      await using proxy = await thief.before(node)
      const times = await timesApplied({ url: `redis://127.0.0.1:${proxy.port}/${db}` }, thief, () =>
        valueIn(node, db, 'once'),
      )
      expect(times).toBe('1')
    })

    it.each(databases)('Sentinel, database %i', async (db) => {
      const { sentinel } = labs()
      const thief = new ReplyThief()
      const { proxies, addressMap } = await thieves(thief, sentinel.nodes)
      const times = await timesApplied(
        { sentinel: { name: sentinel.name, nodes: addresses(sentinel.sentinels), addressMap }, db },
        thief,
        async () => {
          const [primary] = await sentinel.primaries()
          return primary === undefined ? undefined : await valueIn(primary, db, 'once')
        },
      )
      expect(times).toBe('1')
      await Promise.all(proxies.map((proxy) => proxy[Symbol.asyncDispose]()))
    })

    it('Cluster', async () => {
      const { cluster } = labs()
      const thief = new ReplyThief()
      const { proxies, addressMap } = await thieves(thief, cluster.nodes)
      const options = { cluster: { nodes: addresses(cluster.nodes), addressMap } }
      const times = await timesApplied(options, thief, async () =>
        (await cluster.primaryOf(cluster.slotOf('once'))).command('GET', 'once'),
      )
      expect(times).toBe('1')
      await Promise.all(proxies.map((proxy) => proxy[Symbol.asyncDispose]()))
    })
  })
}
