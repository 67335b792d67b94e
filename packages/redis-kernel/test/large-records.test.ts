import type { Mutation } from '@cairnkit/core/driver'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { encodeRecord } from '../src/storage/encoding/record-member.js'
import { scripts } from '../src/storage/scripts.generated.js'
import { readVerbs } from './support/server-commands.js'
import { type Subject, bytes, noise, object, useLab } from './support/subject.js'

const subject = useLab()
afterEach(() => void vi.restoreAllMocks())

const MINUTE = 60_000
const large = (seed = 1, length = 700_000): Uint8Array => noise(length, seed)
const put = (content: Uint8Array, key = ['a'], refs: string[] = []): Mutation => ({
  type: 'put',
  key,
  bytes: content,
  refs,
})
const insert = (content: Uint8Array, key = ['a']): Mutation => ({ type: 'insert', key, bytes: content })
const remove = (key = ['a']): Mutation => ({ type: 'delete', key })
const got = { type: 'get', key: ['a'] } as const

async function tags(one: Subject): Promise<string> {
  return (await one.members()).map((member) => member.toString('latin1', 0, 1)).join('')
}

async function holds(one: Subject, content: Uint8Array): Promise<void> {
  const [get, range] = await one.read(got, { type: 'range', prefix: [] })
  expect(Buffer.compare(get.record?.bytes ?? bytes(), content)).toBe(0)
  expect(Buffer.compare(range.records[0]?.bytes ?? bytes(), content)).toBe(0)
}

describe('a large record', () => {
  it.each([256 * 1024 + 1, 512 * 1024, 3_000_000, 20_000_000])(
    'of %i bytes comes back exactly',
    async (length) => {
      const one = subject()
      const held = object(bytes(1))
      const content = large(1, length)
      await one.read(got)
      one.transport.takeNames()
      await one.commit({ mutations: [put(content, ['a'], [held.id]), held, put(bytes(1), ['b'])] })
      for (const [, ...args] of one.transport.sent.filter(([name]) => name === 'EVALSHA'))
        expect(args.reduce((sum, part) => sum + part.length, 0)).toBeLessThan(1000)
      const [get, range] = await one.read({ ...got, follow: 'all' }, { type: 'range', prefix: [] })
      expect(get.record?.refs).toEqual([held.id])
      expect([...get.objects.keys()]).toEqual([held.id])
      expect(Buffer.compare(get.record?.bytes ?? bytes(), content)).toBe(0)
      expect(Buffer.compare(range.records[0]?.bytes ?? bytes(), content)).toBe(0)
      // Not by `toBe`, which compares all of them first.
      expect(range.records[0]?.bytes === get.record?.bytes).toBe(false)
      for (const member of await one.members()) expect(member.length).toBeLessThan(256 * 1024 + 64)
    },
  )

  it('comes back in one trip where it fits a script', async () => {
    const one = subject()
    await one.commit({ mutations: [put(large(1, 300_000))] })
    one.transport.takeNames()
    await one.read(got)
    expect(one.transport.takeNames()).toEqual([(await readVerbs(one.node))[0]])
  })

  it.each<[string, Mutation[][], string, number]>([
    ['replaced', [[put(large(2))]], 'epppqr', 700_000],
    ['replaced by a small one', [[put(bytes(1))]], 'er', 1],
    ['not replaced by an insert', [[insert(large(2))]], 'epppqr', 700_000],
    ['replaced twice at once', [[put(large(2)), put(large(3))]], 'epppqr', 700_000],
    ['deleted', [[remove(), put(bytes(1), ['b'])]], 'er', 0],
    ['deleted by a range', [[{ type: 'deleteRange', prefix: [] }, put(bytes(1), ['b'])]], 'er', 0],
    ['deleted and stored anew', [[{ type: 'deleteRange', prefix: [] }, put(large(2))]], 'epppqr', 700_000],
    ['stored and deleted', [[put(large(2)), remove(), put(bytes(1), ['b'])]], 'er', 0],
    ['swept', [[{ type: 'sweep' }]], 'epppqr', 700_000],
    ['dropped and stored anew', [[{ type: 'drop', tombstoneMs: null }, put(large(2))]], 'er', 700_000],
  ])('that is %s leaves no parts behind', async (_what, batches, expected, length) => {
    const one = subject()
    await one.commit({ mutations: [put(large())] })
    for (const mutations of batches) expect(await one.commit({ mutations })).toMatchObject({ ok: true })
    expect(await tags(one)).toBe(expected)
    const [{ record }] = await one.read(got)
    expect(record?.bytes.length ?? 0).toBe(length)
  })

  it.each<[string, Mutation[]]>([
    ['replaced', [put(large(2))]],
    ['not replaced by an insert', [insert(large(2))]],
    ['deleted and stored anew', [{ type: 'deleteRange', prefix: ['a'] }, insert(large(2))]],
    ['deleted', [remove()]],
  ])('that is %s by a commit of many mutations leaves no parts behind', async (what, mutations) => {
    const one = subject()
    await one.commit({ mutations: [put(large())] })
    const others = Array.from({ length: 600 }, (_, at) => put(bytes(1), ['b', String(at)]))
    expect(await one.commit({ mutations: [...others, ...mutations] })).toMatchObject({ ok: true })
    expect((await tags(one)).replace(/r+$/, '')).toBe(what === 'deleted' ? 'e' : 'epppq')
    if (what !== 'deleted') await holds(one, large(what.startsWith('not') ? 1 : 2))
  })

  it('is gone with its partition', async () => {
    const one = subject()
    await one.commit({ mutations: [put(large())] })
    expect(await one.commit({ mutations: [remove()] })).toMatchObject({ epoch: null })
    expect(await one.node.command('EXISTS', one.key)).toBe(0)
  })
})

describe('a check of a large record', () => {
  const equals = async (one: Subject, content: Uint8Array, refs: string[] = []): Promise<boolean> =>
    (await one.commit({ checks: [{ type: 'equals', key: ['a'], bytes: content, refs }] })).ok
  const whole = (content: Uint8Array, refs: string[] = []): Uint8Array =>
    encodeRecord({ key: ['a'], bytes: content, refs })

  it.each(['in parts', 'whole, as version 0.1.0 stored it'])('%s', async (form) => {
    const one = subject()
    const held = object(bytes(1))
    await one.commit({ mutations: [held, put(form === 'in parts' ? large() : bytes(), ['a'], [held.id])] })
    if (form !== 'in parts') await one.tamper('r', () => Buffer.from(whole(large(), [held.id])))
    await holds(one, large())
    expect(await equals(one, large(), [held.id])).toBe(true)
    expect(await equals(one, large())).toBe(false)
    expect(await equals(one, large(2), [held.id])).toBe(false)
    expect(await equals(one, large(1, 600_000), [held.id])).toBe(false)
    expect(await equals(one, bytes(1), [held.id])).toBe(false)
    await one.commit({ mutations: [put(large(2))] })
    await holds(one, large(2))
    expect(await one.commit({ mutations: [remove()] })).toMatchObject({ ok: true })
  })

  it('that is not there does not hold', async () => {
    const one = subject()
    expect(await equals(one, large())).toBe(false)
  })
})

describe('a large record that is replaced while it is read', () => {
  it.each([1, 9])('%i times is read as it was at one instant', async (times) => {
    const one = subject()
    const other = subject()
    await one.commit({ mutations: [put(large(1))] })
    let replaced = 0
    one.transport.before = async ([name]) => {
      if (name !== 'ZRANGE' || replaced >= times) return
      await other.driver.commit(one.partition, { mutations: [put(large(++replaced + 1))] })
    }
    const [get] = await one.read(got)
    expect(Buffer.compare(get.record?.bytes ?? bytes(), large(replaced + 1))).toBe(0)
  })

  it('or damaged is a corrupt error that names it', async () => {
    for (const change of [() => undefined, (member: Buffer) => member.fill(0, 100)]) {
      const one = subject()
      await one.commit({ mutations: [put(large())] })
      const parts = (await one.members()).filter((member) => member.toString('latin1', 0, 1) === 'p')
      await one.tamper(parts[1]?.subarray(0, 21) ?? '', change)
      const failure = one.read(got)
      await expect(failure).rejects.toMatchObject({ code: 'corrupt', disposition: 'permanent' })
      await expect(failure).rejects.toThrow('the parts of the record ["a"] are missing or damaged')
    }
  })
})

describe('what is left of a commit of a large record that came halfway', () => {
  async function sendPartsOnly(one: Subject, content: Uint8Array): Promise<void> {
    one.transport.before = ([name, sha]) => {
      if (name === 'EVALSHA' && sha === scripts.commit.sha1) throw new Error('read ECONNRESET')
    }
    await expect(one.commit({ mutations: [put(content)] })).rejects.toThrow('ECONNRESET')
    one.transport.before = () => {}
  }

  it('is no partition, and is removed in time', async () => {
    const one = subject()
    const now = Date.now()
    vi.spyOn(Date, 'now').mockReturnValue(now - 16 * MINUTE)
    await sendPartsOnly(one, large())
    expect(await tags(one)).toBe('pppx')
    expect((await one.read({ type: 'info' }))[0]).toMatchObject({ epoch: null, records: 0 })
    const listed: string[] = []
    for await (const id of one.driver.partitions(one.partition)) listed.push(id)
    expect(listed).toEqual([])
    vi.spyOn(Date, 'now').mockReturnValue(now)
    await one.commit({ mutations: [put(bytes(1))] })
    expect(await tags(one)).toBe('er')
    expect(await one.node.command('PTTL', one.key)).toBe(-1)
  })

  it('stays if its record came of it after all: a part that was late brought the note back', async () => {
    const one = subject()
    const now = Date.now()
    vi.spyOn(Date, 'now').mockReturnValue(now - 60 * MINUTE)
    await one.commit({ mutations: [put(large())] })
    const late = one.transport.sent.find(([name]) => name === 'ZADD') ?? []
    await one.node.commandBytes(...(late as unknown as [string]))
    expect(await tags(one)).toBe('epppqrx')
    vi.spyOn(Date, 'now').mockReturnValue(now)
    await one.commit({ mutations: [] })
    expect(await tags(one)).toBe('epppqr')
    await holds(one, large())
  })

  it('over a check that fails is nothing', async () => {
    const one = subject()
    await one.commit({ mutations: [put(bytes(1))] })
    const refused = await one.commit({ checks: [{ type: 'absent', key: ['a'] }], mutations: [put(large())] })
    expect(refused).toMatchObject({ ok: false, failedChecks: [0] })
    expect(await tags(one)).toBe('er')
  })
})
