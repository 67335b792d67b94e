import type { Mutation } from '@cairnkit/core/driver'
import { describe, expect, it } from 'vitest'
import { scripts } from '../src/storage/scripts.generated.js'
import { type Subject, bytes, noise, object, useLab } from './support/subject.js'

const subject = useLab()
const info = { type: 'info' } as const
const HOUR_MS = 3_600_000
const decidedBy = [['l', 'pin'], ['l']]

const put = (key: string[], content: Uint8Array = bytes(1), refs: string[] = []): Mutation => ({
  type: 'put',
  key,
  bytes: content,
  refs,
})
const renew = { type: 'expire', ttlMs: HOUR_MS, decidedBy } as const
const says = (text: string): Uint8Array => Buffer.from(text)
const many = (count: number): Mutation[] => Array.from({ length: count }, (_, at) => put(['w', String(at)]))

async function pttl(one: Subject): Promise<number> {
  return Number(await one.node.command('PTTL', one.key))
}

/** What the server counts of its commands while `work` runs, by their names. */
async function countsDuring(one: Subject, work: () => Promise<unknown>): Promise<Map<string, number>> {
  const before = await counts(one)
  await work()
  const after = await counts(one)
  const grown = [...after].map(([name, calls]) => [name, calls - (before.get(name) ?? 0)] as const)
  return new Map(grown.filter(([name, calls]) => calls > 0 && name !== 'info'))
}

async function counts(one: Subject): Promise<Map<string, number>> {
  const stats = String(await one.node.command('INFO', 'commandstats'))
  return new Map(
    [...stats.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map(([, name = '', calls]) => [
      name,
      Number(calls),
    ]),
  )
}

describe('an expiry that records decide', () => {
  it('is in the script of the commit, and costs a lookup for each record that is asked', async () => {
    const one = subject()
    await one.commit({ mutations: [put(['a']), put(['l'], says('7200000'))] })
    const plain = await countsDuring(one, () => one.commit({ mutations: [put(['b'])] }))
    const renewed = await countsDuring(one, () => one.commit({ mutations: [put(['c']), renew] }))
    expect(plain.get('evalsha')).toBe(1)
    expect([plain.has('pttl'), plain.has('pexpire'), plain.has('persist')]).toEqual([false, false, false])
    expect([renewed.get('evalsha'), renewed.get('pexpire'), renewed.has('pttl')]).toEqual([1, 1, false])
    expect((renewed.get('zrange') ?? 0) - (plain.get('zrange') ?? 0)).toBe(2)
    expect(await pttl(one)).toBeGreaterThan(HOUR_MS)
  })

  it('is not decided by a record in parts', async () => {
    const one = subject()
    const large = new Uint8Array(300_000).fill(0x31)
    expect(await one.commit({ mutations: [put(['l', 'pin'], large), renew] })).toMatchObject({
      ttlMs: HOUR_MS,
    })
    await one.commit({ mutations: [put(['l'], says('7200000'))] })
    expect(await one.commit({ mutations: [renew] })).toMatchObject({ ttlMs: 7_200_000 })
  })

  it('takes no record for another one whose key begins alike', async () => {
    const one = subject()
    await one.commit({
      mutations: [put(['l', 'pin', 'x'], says('1')), put(['l', 'pi'], says('1')), put(['lx'], says('1'))],
    })
    expect(await one.commit({ mutations: [renew] })).toMatchObject({ ttlMs: HOUR_MS })
  })

  it('never makes a script fail, whatever the record holds', async () => {
    const one = subject()
    for (let seed = 1; seed <= 40; seed++) {
      const content =
        seed % 2 === 0
          ? noise(seed % 17, seed)
          : says('0123456789'.repeat(2).slice(seed % 10, (seed % 10) + 16))
      expect(await one.commit({ mutations: [put(['l'], content), renew] })).toMatchObject({ ok: true })
    }
    expect((await one.read(info))[0].records).toBe(1)
  })
})

describe('an expiry of a commit that is carried out in steps', () => {
  it('is set when it is decided, so that a process that ends leaves nothing for ever', async () => {
    const one = subject()
    one.transport.before = ([name, sha]) => {
      if (name === 'EVALSHA' && sha === scripts.apply.sha1) throw new Error('read ECONNRESET')
    }
    const mutations = [...many(1200), put(['l'], says('7200000')), renew]
    expect(await one.commit({ mutations })).toMatchObject({ ok: true, created: true, ttlMs: 7_200_000 })
    one.transport.before = () => {}
    expect(await pttl(one)).toBeGreaterThan(HOUR_MS)
    expect((await one.read(info))[0].records).toBe(1201)
    expect(await pttl(one)).toBeGreaterThan(HOUR_MS)
  })

  it('is decided by what a range with too many records leaves', async () => {
    const one = subject()
    await one.commit({ mutations: [...many(2000), put(['l', 'pin'], bytes()), put(['l'], says('7200000'))] })
    const ranges: Mutation[] = [
      { type: 'deleteRange', prefix: ['w'] },
      { type: 'deleteRange', prefix: ['l', 'pin'] },
    ]
    expect(await one.commit({ mutations: [...ranges, renew] })).toMatchObject({ ttlMs: 7_200_000 })
    expect((await one.read(info))[0].records).toBe(1)
  })

  it('is not told where the commit leaves no partition', async () => {
    const one = subject()
    await one.commit({ mutations: many(2000) })
    const result = await one.commit({ mutations: [renew, { type: 'deleteRange', prefix: [] }] })
    expect(result).toEqual({ ok: true, created: false, epoch: null, dropped: false })
  })

  it('is kept by one that is only for those without', async () => {
    const one = subject()
    await one.commit({ mutations: [put(['a']), { type: 'expire', ttlMs: 2 * HOUR_MS }] })
    const result = await one.commit({ mutations: [...many(1200), { ...renew, ifNone: true }] })
    expect(result).toMatchObject({ ok: true })
    expect(Math.round((await pttl(one)) / HOUR_MS)).toBe(2)
    const born = subject()
    const first = await born.commit({ mutations: [...many(1200), { ...renew, ifNone: true }] })
    expect(first).toMatchObject({ created: true, ttlMs: HOUR_MS })
  })
})

describe('the time', () => {
  it('is that of the server', async () => {
    const one = subject()
    const [seconds] = (await one.node.command('TIME')) as [string, string]
    const [{ nowMs }] = await one.read({ type: 'time' })
    expect(Number.isSafeInteger(nowMs)).toBe(true)
    expect(nowMs - Number(seconds) * 1000).toBeGreaterThanOrEqual(0)
    expect(nowMs - Number(seconds) * 1000).toBeLessThan(30_000)
  })

  it('comes with reads that take many scripts', async () => {
    const one = subject()
    await one.commit({ mutations: many(3000) })
    const time = { type: 'time' } as const
    const [before, all, after] = await one.read(time, { type: 'range', prefix: [] }, time)
    expect(all.records).toHaveLength(3000)
    expect(after.nowMs).toBeGreaterThanOrEqual(before.nowMs)
  })

  it('is refused alone where the user may not ask for it', async () => {
    const one = subject()
    await one.node.command('ACL', 'SETUSER', 'timeless', 'reset', 'on', '>pw', '~cairn:*', '+@all', '-time')
    await one.node.command('AUTH', 'timeless', 'pw')
    try {
      await one.commit({ mutations: [put(['a']), renew] })
      expect((await one.read(info))[0].records).toBe(1)
      const cause: unknown = await one.read({ type: 'time' }).catch((refusal: unknown) => refusal)
      expect(one.driver.classify(cause)).toMatchObject({ code: 'forbidden', disposition: 'permanent' })
    } finally {
      await one.node.command('AUTH', 'default', '')
    }
  })
})

describe('what a sweep removed', () => {
  it('is told with the size of its content, in parts or not', async () => {
    const one = subject()
    const leaf = object(noise(10))
    const lost = [
      leaf,
      object(noise(1000, 2), [leaf.id, leaf.id]),
      object(noise(300_000, 3)),
      object(bytes()),
    ]
    await one.commit({ mutations: [...lost, put(['a'])] })
    const result = await one.commit({ mutations: [{ type: 'sweep' }] })
    const removed = result.ok ? result.removed?.map(({ id, bytes: size }) => `${id} ${size}`).sort() : []
    expect(removed).toEqual(lost.map(({ id, bytes: { length } }) => `${id} ${length}`).sort())
  })
})
