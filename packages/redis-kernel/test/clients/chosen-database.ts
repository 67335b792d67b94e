import { setTimeout as delay } from 'node:timers/promises'
import { type LabNode, startLab } from '@cairnkit/redis-lab'
import { describe, expect, it } from 'vitest'
import { type RedisTransport, planConnection } from '../../src/connections/index.js'
import type { CreateTransport } from './client-under-test.js'
import { incr, valueIn } from './recovery-kit.js'

/** Keeps a server busy for longer than clients take to connect again. */
const BUSY = `local function now() local t = redis.call('TIME') return t[1] * 1000 + t[2] / 1000 end
local from = now() while now() - from < 700 do end`

/** Each ends all connections, and keeps clients for a while from choosing a database on the next one. */
const hindrances: Readonly<Record<string, (node: LabNode) => Promise<unknown>>> = {
  'has no room for clients': async (node) => {
    await node.command('CONFIG', 'SET', 'maxclients', '1')
    await node.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    await delay(400)
    await node.command('CONFIG', 'SET', 'maxclients', '1000')
  },
  'is busy': async (node) => {
    await node.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    await node.command('EVAL', BUSY, '0')
  },
}

/** Expects that a transport to database 3 of a server never writes into another one, and goes on when it can. */
export async function expectToKeepDatabase(transportTo: (port: number) => RedisTransport): Promise<void> {
  await using lab = await startLab('standalone', { config: { 'lua-time-limit': '50' } })
  const [node] = lab.nodes
  const transport = transportTo(node.port)
  await transport.connect({ timeoutMs: 5000 })
  for (const [name, hinder] of Object.entries(hindrances)) {
    let isOver = false
    const hindered = hinder(node).finally(() => (isOver = true))
    for (;;) {
      const isLast = isOver
      // What a lost connection leaves unknown is not the question here.
      const reply = await incr(transport, name).catch(() => undefined)
      if (isLast && reply !== undefined) break
      await delay(10)
    }
    await hindered
    expect([name, await valueIn(node, 0, name)]).toEqual([name, null])
    expect(Number(await valueIn(node, 3, name))).toBeGreaterThan(0)
  }
  await transport.close()
}

/** What becomes of the database of a connection that is lost, when the server does not let it be chosen at first. */
export function describeChosenDatabase(create: CreateTransport): void {
  describe('a server on which no database can be chosen for a while', () => {
    it('has nothing in another one afterwards', async () => {
      const to = (port: number): RedisTransport =>
        create(planConnection<never>({ url: `redis://127.0.0.1:${port}/3`, poolSize: 2 }))
      await expect(expectToKeepDatabase(to)).resolves.toBeUndefined()
    })
  })
}
