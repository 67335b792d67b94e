import { Keyspace, type StorageObserver, type WarningEvent } from '@cairnkit/core'
import { type Lab, type LabNode, startLab } from '@cairnkit/redis-lab'
import { describe, expect, it } from 'vitest'
import { optionsFor } from '../support/lab-options.js'
import type { CreateDriver } from './client-under-test.js'

const kinds = ['standalone', 'sentinel', 'cluster'] as const
const put = { type: 'put', key: ['k'], bytes: Buffer.from('v') } as const

/** Calls until that much was heard, and a bit longer: what was asked when the driver connected is answered then. */
async function heardOf(space: Keyspace, heard: readonly unknown[], expected: number): Promise<number> {
  const call = async (): Promise<number> => {
    await space.partition('p').commit({ mutations: [put] })
    return heard.length
  }
  await expect.poll(call).toBeGreaterThanOrEqual(expected)
  for (let more = 0; more < 5; more++) await call()
  return heard.length
}

async function everywhere(nodes: readonly LabNode[], ...command: [string, ...string[]]): Promise<void> {
  for (const node of nodes) await node.command(...command)
}

async function infosSent(nodes: readonly LabNode[]): Promise<number> {
  const counts = await Promise.all(
    nodes.map(async (node) => {
      const stats = String(await node.command('INFO', 'commandstats'))
      return Number(/^cmdstat_info:calls=(\d+)/m.exec(stats)?.[1] ?? 0)
    }),
  )
  // The asking itself counts from the next time on.
  return counts.reduce((sum, count) => sum + count, 0)
}

function hearing(): { readonly heard: WarningEvent[]; readonly observer: StorageObserver } {
  const heard: WarningEvent[] = []
  return { heard, observer: { onWarning: (event) => heard.push(event) } }
}

async function evicting(lab: Lab, policy: string): Promise<void> {
  await everywhere(lab.nodes, 'CONFIG', 'SET', 'maxmemory-policy', policy)
  await everywhere(lab.nodes, 'CONFIG', 'SET', 'maxmemory', '512mb')
}

/** What a driver says of a server that removes whole threads when its memory is short. */
export function describeEviction(create: CreateDriver): void {
  describe.each(kinds)('a server that may evict every key: %s', (kind) => {
    it('is told once to each observer of the driver, whoever shares it', async () => {
      await using lab = await startLab(kind)
      await evicting(lab, 'allkeys-lru')
      await using driver = create(optionsFor(lab))
      const [first, second] = [hearing(), hearing()]
      expect(await heardOf(new Keyspace(driver, ['a'], { observer: first.observer }), first.heard, 1)).toBe(1)
      expect(first.heard).toEqual([
        {
          code: 'eviction',
          driver: driver.name,
          message:
            'maxmemory-policy is allkeys-lru: when its memory is short (maxmemory is 536.9 MB), the server removes ' +
            'whole threads, and no call fails. Set maxmemory-policy to noeviction.',
        },
      ])
      expect(await heardOf(new Keyspace(driver, ['b'], { observer: first.observer }), first.heard, 1)).toBe(1)
      expect(await heardOf(new Keyspace(driver, ['c'], { observer: second.observer }), second.heard, 1)).toBe(
        1,
      )
    }, 60_000)

    it('is no reason to fail where the user may not ask, and nothing is told', async () => {
      await using lab = await startLab(kind)
      await evicting(lab, 'allkeys-random')
      await everywhere(lab.nodes, 'ACL', 'SETUSER', 'plain', 'on', '>pass', '~*', '&*', '+@all', '-info')
      await using driver = create(optionsFor(lab, { username: 'plain', password: 'pass' }))
      const { heard, observer } = hearing()
      expect(await heardOf(new Keyspace(driver, ['a'], { observer }), heard, 0)).toBe(0)
    }, 60_000)
  })

  describe('a server that may evict keys', () => {
    it('is asked with one INFO, when the driver opens', async () => {
      await using lab = await startLab('standalone')
      await using driver = create(optionsFor(lab))
      const before = await infosSent(lab.nodes)
      await driver.open()
      const { heard, observer } = hearing()
      expect(await heardOf(new Keyspace(driver, ['a'], { observer }), heard, 0)).toBe(0)
      // One is that of the test.
      expect((await infosSent(lab.nodes)) - before).toBe(2)
    })

    it.each(['noeviction', 'volatile-lru'])(
      'is not told of where it keeps what is to stay: %s',
      async (policy) => {
        await using lab = await startLab('standalone')
        await evicting(lab, policy)
        await using driver = create(optionsFor(lab))
        const { heard, observer } = hearing()
        await driver.open()
        expect(await heardOf(new Keyspace(driver, ['a'], { observer }), heard, 0)).toBe(0)
      },
    )

    it('says so before there is a limit, and in a process warning where no observer listens', async () => {
      await using lab = await startLab('standalone', { config: { 'maxmemory-policy': 'allkeys-lfu' } })
      await using driver = create(optionsFor(lab))
      const warned: string[] = []
      const hear = (warning: Error): void => void warned.push(warning.message)
      process.on('warning', hear)
      try {
        expect(await heardOf(new Keyspace(driver, ['a']), warned, 1)).toBe(1)
        expect(await heardOf(new Keyspace(driver, ['b'], { observer: {} }), warned, 1)).toBe(1)
      } finally {
        process.off('warning', hear)
      }
      expect(warned[0]).toMatch(/maxmemory-policy is allkeys-lfu: as soon as maxmemory limits its memory/)
      expect(warned[0]).toMatch(/An observer with onWarning hears it instead/)
    })
  })
}
