import { setTimeout as delay } from 'node:timers/promises'
import { Keyspace, StorageError } from '@cairnkit/core'
import { type LabNode, startLab } from '@cairnkit/redis-lab'
import { describe, expect, it } from 'vitest'
import type { CreateDriver, DriverOptions } from './client-under-test.js'
import { addresses } from './recovery-kit.js'

/** What keeps a new process from connecting passes after this long. */
const PASSES_AFTER_MS = 700

/** As a process that starts when it should not: one that opens its driver, and one that just uses it. */
const starts: Readonly<Record<string, (create: CreateDriver, options: DriverOptions) => Promise<'started'>>> =
  {
    'a driver that is opened': async (create, options) => {
      await using driver = create({ ...options, connectTimeoutMs: 30_000 })
      await driver.open()
      return 'started'
    },
    'a first call': async (create, options) => {
      // Longer than one time to connect: it is the call that decides.
      await using driver = create({ ...options, connectTimeoutMs: 300 })
      const partition = new Keyspace(driver, ['test'], { timeoutMs: 30_000 }).partition('first')
      await partition.commit({ mutations: [{ type: 'put', key: ['a'], bytes: new Uint8Array(), refs: [] }] })
      return 'started'
    },
  }

/** Keeps a server busy for two seconds. */
const BUSY = "local t = redis.call('TIME')[1] while redis.call('TIME')[1] - t < 2 do end"

/** Not going to be told when it passes: it must be seen. */
async function until<T>(work: Promise<T>, passes: () => Promise<unknown>): Promise<T> {
  const [result] = await Promise.all([work, delay(PASSES_AFTER_MS).then(passes)])
  return result
}

/** What hinders a process that starts, and passes by itself. */
export function describePassingFailures(create: CreateDriver): void {
  describe.each(Object.entries(starts))('%s', (_, start) => {
    const at = (node: LabNode): DriverOptions => ({ url: `redis://127.0.0.1:${node.port}/3` })

    it('waits for a server that is not up yet', async () => {
      await using lab = await startLab('standalone')
      const [node] = lab.nodes
      await node.kill()
      expect(await until(start(create, at(node)), () => node.restart())).toBe('started')
    })

    it('waits for a server that loads its data', async () => {
      await using lab = await startLab('standalone', {
        appendOnly: true,
        config: { 'key-load-delay': '20000', 'loading-process-events-interval-bytes': '1024' },
      })
      const [node] = lab.nodes
      await node.command('EVAL', "for i = 1, 100 do redis.call('SET', i, i) end", '0')
      await node.kill()
      const [, started] = await Promise.all([node.restart(), start(create, at(node))])
      expect(started).toBe('started')
    })

    it('waits for a server that has no room for clients', async () => {
      await using lab = await startLab('standalone')
      const [node] = lab.nodes
      await node.command('CONFIG', 'SET', 'maxclients', '1')
      const started = until(start(create, at(node)), () =>
        node.command('CONFIG', 'SET', 'maxclients', '1000'),
      )
      expect(await started).toBe('started')
    })

    it('waits for a server that is busy', async () => {
      await using lab = await startLab('standalone', { config: { 'lua-time-limit': '100' } })
      const [node] = lab.nodes
      const started = delay(300).then(() => start(create, at(node)))
      await node.command('EVAL', BUSY, '0')
      expect(await started).toBe('started')
    })

    it('waits for another primary of Sentinels', async () => {
      await using lab = await startLab('sentinel', { failover: 'soon' })
      await (await lab.primaries())[0]?.kill()
      const options = { sentinel: { name: lab.name, nodes: addresses(lab.sentinels) } }
      expect(await start(create, options)).toBe('started')
    })

    it('waits for another primary of a cluster', async () => {
      await using lab = await startLab('cluster', { failover: 'soon' })
      // The one that is asked whether the server can do what the driver needs.
      await (await lab.primaryOf(lab.slotOf('cairn:{@probe}'))).kill()
      expect(await start(create, { cluster: { nodes: addresses(lab.nodes) } })).toBe('started')
    })

    it('waits for Sentinels that know no primary yet', async () => {
      await using lab = await startLab('sentinel')
      const [primary] = await lab.primaries()
      if (primary === undefined) throw new Error('no primary')
      for (const node of lab.sentinels) await node.command('SENTINEL', 'REMOVE', lab.name)
      const monitor = ['SENTINEL', 'MONITOR', lab.name, primary.host, String(primary.port), '2'] as const
      const options = { sentinel: { name: lab.name, nodes: addresses(lab.sentinels) } }
      const started = until(start(create, options), () =>
        Promise.all(lab.sentinels.map((node) => node.command(...monitor))),
      )
      expect(await started).toBe('started')
    })
  })

  it('tells what it waited for in vain, and that it may be tried again', async () => {
    await using lab = await startLab('standalone')
    const [node] = lab.nodes
    await node.kill()
    await using driver = create({ url: `redis://127.0.0.1:${node.port}` })
    const partition = new Keyspace(driver, ['test'], { timeoutMs: 4000 }).partition('first')
    const failure: unknown = await partition.read([{ type: 'info' }]).catch((cause: unknown) => cause)
    if (!StorageError.isInstance(failure)) throw failure
    const { code, disposition, message } = failure
    expect({ code, disposition }).toEqual({ code: 'unavailable', disposition: 'transient' })
    expect(message).toContain(`ECONNREFUSED 127.0.0.1:${node.port}`)
  })
}
