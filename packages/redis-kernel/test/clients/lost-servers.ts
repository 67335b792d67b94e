import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { type RedisTransport, planConnection } from '../../src/connections/index.js'
import type { CreateTransport, DriverOptions } from './client-under-test.js'
import { type RecoveryLabs, addresses, databases, disposition, incr, untilSent } from './recovery-kit.js'

/** What a transport does when its server dies or hangs, and when another one took over. */
export function describeLostServers(create: CreateTransport, labs: () => RecoveryLabs): void {
  const transportOf = (options: DriverOptions): RedisTransport => create(planConnection(options))

  const urlOf = (db: number): string => `redis://127.0.0.1:${labs().standalone.nodes[0].port}/${db}`

  describe('a server that goes away', () => {
    it.each(databases)(
      'refuses commands at once, keeps the process alive, and recovers, database %i',
      async (db) => {
        const transport = transportOf({ url: urlOf(db), poolSize: 3 })
        await transport.connect({ timeoutMs: 5000 })
        await incr(transport, 'restarts')
        await labs().standalone.nodes[0].kill()
        await delay(250)
        // Far from the 5 s that a command may take.
        const startedAt = performance.now()
        for (let round = 0; round < 3; round++) {
          const cause: unknown = await incr(transport, `restarts-${round}`).catch((error: unknown) => error)
          expect(disposition(transport, cause)).toBe('transient')
          expect(String(cause)).toContain('ECONNREFUSED')
        }
        expect(performance.now() - startedAt).toBeLessThan(4000)
        await labs().standalone.nodes[0].restart()
        expect(await untilSent(transport, 'restarts')).toBe(2)
        await transport.close()
      },
    )

    it.each(databases)('ends a connection whose server hangs, database %i', async (db) => {
      const transport = transportOf({
        url: urlOf(db),
        commandTimeoutMs: 1000,
      })
      await transport.connect({ timeoutMs: 5000 })
      await labs().standalone.nodes[0].pause()
      const cause: unknown = await incr(transport, 'hangs').catch((error: unknown) => error)
      expect(disposition(transport, cause)).toBe('ambiguous')
      await labs().standalone.nodes[0].resume()
      await untilSent(transport, 'hangs')
      await transport.close()
    })

    it.each(databases)('ends it under constant load, too, database %i', async (db) => {
      const transport = transportOf({
        url: urlOf(db),
        commandTimeoutMs: 1000,
      })
      await transport.connect({ timeoutMs: 5000 })
      await labs().standalone.nodes[0].pause()
      const load = Array.from({ length: 15 }, async (_, at) => {
        await delay(at * 100)
        return await incr(transport, `load-${at}`).catch((error: unknown) => disposition(transport, error))
      })
      expect(await load[0]).toBe('ambiguous')
      await labs().standalone.nodes[0].resume()
      await Promise.all(load)
      await untilSent(transport, 'load')
      await transport.close()
    })

    it('stays connected while nothing is asked', async () => {
      const { cluster } = labs()
      const servers = [...labs().standalone.nodes, ...cluster.nodes]
      const connections = async (): Promise<readonly string[]> => {
        const lists = servers.map(async (node) => {
          const list = String(await node.command('CLIENT', 'LIST', 'TYPE', 'normal'))
          return Array.from(list.matchAll(/^id=\d+/gm), ([id]) => `${node.name} ${id}`)
        })
        return (await Promise.all(lists)).flat().sort()
      }
      const targets: DriverOptions[] = [
        { url: `redis://127.0.0.1:${labs().standalone.nodes[0].port}`, commandTimeoutMs: 1000 },
        { cluster: { nodes: addresses(cluster.nodes) }, commandTimeoutMs: 1000 },
      ]
      const transports = targets.map(transportOf)
      for (const transport of transports) {
        await transport.connect({ timeoutMs: 5000 })
        for (const primary of await transport.primaries()) await primary.send(['PING'])
      }
      const before = await connections()
      await delay(2500)
      expect(await connections()).toEqual(before)
      for (const transport of transports) {
        await incr(transport, 'idle')
        await transport.close()
      }
    })

    it('finds what took over from a node that hangs, under constant load', async () => {
      const { cluster } = labs()
      const transport = transportOf({ cluster: { nodes: addresses(cluster.nodes) }, commandTimeoutMs: 1000 })
      await transport.connect({ timeoutMs: 5000 })
      const owner = await cluster.primaryOf(cluster.slotOf('hangs'))
      await owner.pause()
      const startedAt = performance.now()
      let answered = false
      while (!answered && performance.now() - startedAt < 60_000) {
        void incr(transport, 'hangs').then(
          () => (answered = true),
          () => undefined,
        )
        await delay(50)
      }
      expect(answered).toBe(true)
      await owner.resume()
      await transport.close()
      await cluster.ready()
    })

    it('finds what took over', async () => {
      const { sentinel, cluster } = labs()
      const targets: DriverOptions[] = [
        { sentinel: { name: sentinel.name, nodes: addresses(sentinel.sentinels) } },
        { cluster: { nodes: addresses(cluster.nodes) } },
      ]
      const transports = targets.map(transportOf)
      for (const transport of transports) {
        await transport.connect({ timeoutMs: 5000 })
        await incr(transport, 'warm')
      }
      const owner = await cluster.primaryOf(cluster.slotOf('failover'))
      await Promise.all([(await sentinel.primaries())[0]?.kill(), owner.kill()])
      await Promise.all(
        transports.map(async (transport) => {
          const startedAt = performance.now()
          // A command that was under way when the server died may be lost, once.
          await untilSent(transport, 'failover').catch(() => untilSent(transport, 'failover'))
          expect(performance.now() - startedAt).toBeLessThan(60_000)
          await transport.close()
        }),
      )
    })
  })
}
