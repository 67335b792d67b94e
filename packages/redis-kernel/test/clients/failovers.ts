import { setTimeout as delay } from 'node:timers/promises'
import { type LabNode, type SentinelLab, startLab, waitFor } from '@cairnkit/redis-lab'
import { describe, expect, it } from 'vitest'
import { type RedisTransport, planConnection } from '../../src/connections/index.js'
import { ReplyHolder } from '../support/servers.js'
import { AcknowledgedWrites } from './acknowledged-writes.js'
import type { CreateTransport, DriverOptions } from './client-under-test.js'
import { answersOfOrphanedReplicas } from './orphaned-replicas.js'
import { addresses, incr, promotion, untilSent } from './recovery-kit.js'

/** How a transport follows a failover. Each test has servers of its own, and mostly waits for them. */
export function describeFailovers(create: CreateTransport): void {
  const transportOf = (options: DriverOptions): RedisTransport => create(planConnection(options))

  // Each has servers of its own, and mostly waits for them.
  describe.concurrent('a failover', () => {
    it('hears of a failover while it asks the Sentinels who is primary', async () => {
      await using lab = await startLab('sentinel', { failover: 'soon' })
      const holder = new ReplyHolder()
      const proxies = await Promise.all(lab.sentinels.map((node) => holder.before(node)))
      const transport = transportOf({
        sentinel: { name: lab.name, nodes: addresses(proxies) },
        connectTimeoutMs: 15_000,
      })
      await transport.connect({ timeoutMs: 15_000 })
      await incr(transport, 'warm')
      const [before] = await lab.primaries()
      holder.hold()
      await lab.sentinels[0]?.command('SENTINEL', 'FAILOVER', lab.name)
      await before?.command('CLIENT', 'KILL', 'TYPE', 'normal')
      await waitFor('another server takes over', async () => {
        const [after] = await lab.primaries()
        return (after !== undefined && after.name !== before?.name) || undefined
      })
      // A Sentinel announces the new primary before it names it to who asks.
      await waitFor('every Sentinel names the new primary', async () => {
        const [after] = await lab.primaries()
        const named = await Promise.all(
          lab.sentinels.map(
            async (node) => (await node.command('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', lab.name)) as string[],
          ),
        )
        return named.every(([, port]) => Number(port) === after?.port) || undefined
      })
      await waitFor('all who listen are told', () => holder.told('+switch-master') || undefined)
      holder.release()
      await untilSent(transport, 'after').catch(() => untilSent(transport, 'after'))
      const [after] = await lab.primaries()
      expect(Number(await after?.command('EXISTS', 'after'))).toBe(1)
      await transport.close()
      await Promise.all(proxies.map((proxy) => proxy[Symbol.asyncDispose]()))
    })

    it('follows Sentinels that do not let it listen', async () => {
      await using lab = await startLab('sentinel', { failover: 'soon' })
      for (const node of lab.sentinels) await node.command('ACL', 'SETUSER', 'default', '-subscribe')
      const transport = transportOf({ sentinel: { name: lab.name, nodes: addresses(lab.sentinels) } })
      await transport.connect({ timeoutMs: 5000 })
      await incr(transport, 'warm')
      const [before] = await lab.primaries()
      await lab.sentinels[0]?.command('SENTINEL', 'FAILOVER', lab.name)
      await waitFor('another server takes over, and the old one follows it', async () => {
        await lab.ready()
        const [after] = await lab.primaries()
        return (after !== undefined && after.name !== before?.name) || undefined
      })
      await untilSent(transport, 'after').catch(() => untilSent(transport, 'after'))
      const [after] = await lab.primaries()
      expect(Number(await after?.command('EXISTS', 'after'))).toBe(1)
      await transport.close()
    })

    it('never reads from a replica, not even when no primary is left', async () => {
      await using lab = await startLab('cluster', { failover: 'soon' })
      const answers = await answersOfOrphanedReplicas(lab, (nodes) => transportOf({ cluster: { nodes } }))
      expect(answers).toEqual([])
    })

    it('tells no node READONLY, whichever it asks for the slots', async () => {
      await using lab = await startLab('cluster')
      const transport = transportOf({ cluster: { nodes: addresses(await lab.primaries()) } })
      await transport.connect({ timeoutMs: 5000 })
      const slot = lab.slotOf('moved')
      const [one, two] = await lab.primaries()
      // A client that asks any node at random asks a replica every other time.
      for (let move = 0; move < 12; move++) {
        await incr(transport, 'moved')
        const to = (await lab.primaryOf(slot)).name === one?.name ? two : one
        if (to !== undefined) await lab.moveSlot(slot, to)
      }
      expect(await incr(transport, 'moved')).toBe(13)
      await transport.close()
      for (const node of lab.nodes) {
        expect(String(await node.command('INFO', 'commandstats'))).not.toContain('cmdstat_readonly')
      }
    })

    const breaks: Readonly<Record<string, (lab: SentinelLab, primary: LabNode) => Promise<void>>> = {
      'another one is appointed': async (lab) => {
        await lab.sentinels[0]?.command('SENTINEL', 'FAILOVER', lab.name)
      },
      'the first one freezes, and wakes up again': async (_lab, primary) => {
        await primary.pause()
        await delay(4500)
        await primary.resume()
      },
    }
    it.each(Object.entries(breaks))(
      'two primaries for a moment lose nothing that a replica has acknowledged: %s',
      async (_, breakIt) => {
        await using lab = await startLab('sentinel', { failover: 'soon' })
        const nodes = addresses(lab.sentinels)
        const transport = transportOf({ sentinel: { name: lab.name, nodes }, commandTimeoutMs: 1500 })
        await transport.connect({ timeoutMs: 5000 })
        const writes = new AcknowledgedWrites(transport)
        await waitFor('every Sentinel is listened to', async () => {
          const lists = lab.sentinels.map(
            async (node) => await node.command('CLIENT', 'LIST', 'TYPE', 'pubsub'),
          )
          return (await Promise.all(lists)).every((list) => String(list).includes('sub=6')) || undefined
        })
        // Sentinels appoint nobody before they trust the replicas.
        await delay(1000)
        const [before] = await lab.primaries()
        if (before === undefined) throw new Error('no primary')
        expect(writes.count).toBeGreaterThan(0)
        const replicas = lab.nodes.filter(({ name }) => name !== before.name)
        const [promotedAt] = await Promise.all([promotion(replicas), breakIt(lab, before)])
        const after = await waitFor('another server takes over, and the other follows it', async () => {
          await lab.ready()
          const [now] = await lab.primaries()
          return now !== undefined && now.name !== before.name ? now : undefined
        })
        await delay(500)
        await writes.end()
        // What was sent before and is lost had not come to the replica that was promoted: it lagged behind the other one.
        expect(writes.countSince(promotedAt)).toBeGreaterThan(0)
        expect(await writes.missingOn(after, promotedAt)).toEqual([])
        await transport.close()
      },
    )
  })
}
