import { type Check, type Mutation, newEpoch } from '@cairnkit/core/driver'
import { describe, expect, it } from 'vitest'
import { type TestObject, bytes, object, useLab } from './support/subject.js'

const subject = useLab()
const put = (key: string[], ...content: number[]): Mutation => ({
  type: 'put',
  key,
  bytes: bytes(...content),
})

describe('checks', () => {
  it('all that fail are reported by position, and nothing is applied', async () => {
    const one = subject()
    const { epoch } = await one.commit({ mutations: [put(['a', '1'], 1), put(['a', '2', 'x'], 2)] })
    const checks: [Check, boolean][] = [
      [{ type: 'epoch', epoch }, true],
      [{ type: 'epoch', epoch: null }, false],
      [{ type: 'epoch', epoch: newEpoch() }, false],
      [{ type: 'epoch', epoch: 'not hex' }, false],
      [{ type: 'absent', key: ['a'] }, true],
      [{ type: 'absent', key: ['a', '1'] }, false],
      [{ type: 'absent', key: ['a', '1', ''] }, true],
      [{ type: 'present', key: ['a', '1'] }, true],
      [{ type: 'present', key: ['a', '2'] }, false],
      [{ type: 'equals', key: ['a', '1'], bytes: bytes(1) }, true],
      [{ type: 'equals', key: ['a', '1'], bytes: bytes(2) }, false],
      [{ type: 'equals', key: ['a', '1'], bytes: bytes(1), refs: ['0'.repeat(32)] }, false],
      [{ type: 'equals', key: ['b'], bytes: bytes() }, false],
      [{ type: 'last', prefix: ['a'], key: ['a', '2'] }, true],
      [{ type: 'last', prefix: ['a'], key: ['a', '2', 'x'] }, true],
      [{ type: 'last', prefix: ['a'], key: ['a', '1'] }, false],
      [{ type: 'last', prefix: ['a'], key: null }, false],
      [{ type: 'last', prefix: ['b'], key: null }, true],
      [{ type: 'last', prefix: [], key: ['a'] }, true],
    ]
    const before = await one.members()
    const result = await one.commit({ checks: checks.map(([check]) => check), mutations: [put(['z'])] })
    const failedChecks = checks.flatMap(([, holds], at) => (holds ? [] : [at]))
    expect(result).toEqual({ ok: false, failedChecks, epoch, dropped: false })
    expect(await one.members()).toEqual(before)
  })

  it('of a partition that is not there', async () => {
    const checks: Check[] = [
      { type: 'epoch', epoch: null },
      { type: 'absent', key: ['a'] },
      { type: 'last', prefix: [], key: null },
      { type: 'present', key: ['a'] },
    ]
    expect(await subject().commit({ checks })).toEqual({
      ok: false,
      failedChecks: [3],
      epoch: null,
      dropped: false,
    })
  })
})

describe('mutations', () => {
  it('birth and epoch', async () => {
    const one = subject()
    const born = await one.commit({ mutations: [put(['a'], 1)] })
    expect(born).toMatchObject({ ok: true, created: true })
    expect(born.epoch).toMatch(/^[0-9a-f]{32}$/)
    const again = await one.commit({ mutations: [put(['b'], 1)] })
    expect(again).toEqual({ ok: true, created: false, epoch: born.epoch, dropped: false })
    await one.driver.drop(one.partition)
    const reborn = await one.commit({ mutations: [put(['a'], 1)] })
    expect(reborn.epoch).not.toBe(born.epoch)
  })

  it('put replaces, and leaves an equal record as it is', async () => {
    const one = subject()
    await one.commit({ mutations: [put(['a'], 1), put(['a'], 2)] })
    const before = await one.members()
    expect(before).toHaveLength(2)
    await one.commit({ mutations: [put(['a'], 2)] })
    expect(await one.members()).toEqual(before)
  })

  it('insert: the first wins; delete and put in one batch go in order', async () => {
    const one = subject()
    await one.commit({ mutations: [{ type: 'insert', key: ['a'], bytes: bytes(1) }] })
    await one.commit({ mutations: [{ type: 'insert', key: ['a'], bytes: bytes(2) }] })
    expect((await one.read({ type: 'get', key: ['a'] }))[0].record?.bytes).toEqual(bytes(1))
    await one.commit({
      mutations: [
        { type: 'delete', key: ['a'] },
        { type: 'insert', key: ['a'], bytes: bytes(3) },
      ],
    })
    expect((await one.read({ type: 'get', key: ['a'] }))[0].record?.bytes).toEqual(bytes(3))
  })

  it('deleteRange stays below its prefix, inside its bounds, and away from objects', async () => {
    const one = subject()
    const keys = [['a'], ['a', '1'], ['a', '2'], ['a', '2', 'x'], ['a', '3'], ['ab'], ['b']]
    await one.commit({ mutations: [...keys.map((key) => put(key)), object(bytes(1))] })
    await one.commit({ mutations: [{ type: 'deleteRange', prefix: ['a'], from: ['a', '2'], until: ['b'] }] })
    const [range, info] = await one.read({ type: 'range', prefix: [] }, { type: 'info' })
    expect(range.records.map(({ key }) => key)).toEqual([['a'], ['a', '1'], ['ab'], ['b']])
    expect(info.objects).toBe(1)
  })

  it('an object is stored once, whatever bytes come later', async () => {
    const one = subject()
    const first = object(bytes(1))
    await one.commit({ mutations: [first, first] })
    await one.commit({ mutations: [{ ...first, bytes: bytes(2) }] })
    expect(await one.members()).toHaveLength(2)
    const [{ objects }] = await one.read({ type: 'objects', ids: [first.id] })
    expect(objects.get(first.id)).toEqual({ bytes: bytes(1), refs: [] })
  })
})

describe('a partition exists while it holds something', () => {
  it.each<[string, Mutation[]]>([
    ['nothing', []],
    ['an expiry', [{ type: 'expire', ttlMs: 1000 }]],
    ['a deletion', [{ type: 'delete', key: ['a'] }]],
    ['a sweep', [{ type: 'sweep' }]],
    ['what it removes itself', [put(['a']), { type: 'deleteRange', prefix: [] }]],
    ['an object that it sweeps itself', [object(bytes(1)), { type: 'sweep' }]],
  ])('a commit that writes %s creates none', async (_name, mutations) => {
    const one = subject()
    const { removed: _, ...result } = { removed: [], ...(await one.commit({ mutations })) }
    expect(result).toEqual({ ok: true, created: false, epoch: null, dropped: false })
    expect(await one.node.command('EXISTS', one.key)).toBe(0)
  })

  it('is gone with its last record, and its expiry with it', async () => {
    const one = subject()
    await one.commit({ mutations: [put(['a']), { type: 'expire', ttlMs: 100_000 }] })
    const gone = await one.commit({ mutations: [{ type: 'delete', key: ['a'] }] })
    expect(gone).toEqual({ ok: true, created: false, epoch: null, dropped: false })
    await one.commit({ mutations: [put(['a'])] })
    expect((await one.read({ type: 'info' }))[0].ttlMs).toBeNull()
  })

  it('stays, with epoch and expiry, when one batch empties and refills it', async () => {
    const one = subject()
    const { epoch } = await one.commit({ mutations: [put(['a']), { type: 'expire', ttlMs: 100_000 }] })
    const refilled = await one.commit({ mutations: [{ type: 'deleteRange', prefix: [] }, put(['b'])] })
    expect(refilled).toEqual({ ok: true, created: false, epoch, dropped: false })
    expect((await one.read({ type: 'info' }))[0].ttlMs).toBeGreaterThan(0)
  })

  it('an object alone keeps it', async () => {
    const one = subject()
    await one.commit({ mutations: [put(['a']), object(bytes(1))] })
    expect(await one.commit({ mutations: [{ type: 'delete', key: ['a'] }] })).toMatchObject({
      created: false,
    })
    expect((await one.read({ type: 'info' }))[0]).toMatchObject({ records: 0, objects: 1 })
    expect(await one.driver.drop(one.partition)).toBe(true)
    expect(await one.driver.drop(one.partition)).toBe(false)
  })
})

describe('expire', () => {
  it('speaks of the partition as the batch leaves it; the last one counts', async () => {
    const one = subject()
    await one.commit({
      mutations: [{ type: 'expire', ttlMs: 5 }, { type: 'expire', ttlMs: 60_000 }, put(['a'])],
    })
    const ttl = Number(await one.node.command('PTTL', one.key))
    expect(ttl).toBeGreaterThan(50_000)
    await one.commit({ mutations: [put(['b'])] })
    expect(Number(await one.node.command('PTTL', one.key))).toBeGreaterThan(50_000)
    await one.commit({ mutations: [{ type: 'expire', ttlMs: null }] })
    expect(await one.node.command('PTTL', one.key)).toBe(-1)
    await one.commit({ mutations: [{ type: 'expire', ttlMs: Number.MAX_SAFE_INTEGER }] })
    expect((await one.read({ type: 'info' }))[0].ttlMs).toBeGreaterThan(1e15)
  })

  it('what has expired is gone as a whole', async () => {
    const one = subject()
    const { epoch } = await one.commit({
      mutations: [put(['a']), object(bytes(1)), { type: 'expire', ttlMs: 20 }],
    })
    await new Promise((resolve) => setTimeout(resolve, 40))
    const [info] = await one.read({ type: 'info' })
    expect(info).toEqual({ type: 'info', epoch: null, ttlMs: null, records: 0, objects: 0, dropped: false })
    expect(await one.commit({ checks: [{ type: 'epoch', epoch }] })).toMatchObject({ failedChecks: [0] })
  })
})

describe('sweep', () => {
  it('drops what no record reaches, parts and all, and changes the epoch', async () => {
    const one = subject()
    const leaf = object(bytes(1))
    const kept = object(bytes(2), [leaf.id])
    const lost = object(bytes(3), [kept.id])
    const large = object(new Uint8Array(600_000).fill(7))
    const mutations: Mutation[] = [leaf, kept, lost, large]
    const before = await one.commit({
      mutations: [...mutations, { type: 'put', key: ['a'], bytes: bytes(), refs: [kept.id] }],
    })
    expect(await one.members()).toHaveLength(9)
    const swept = await one.commit({ mutations: [{ type: 'sweep' }, { type: 'sweep' }] })
    expect(swept).toMatchObject({ ok: true, created: false })
    expect(swept.epoch).not.toBe(before.epoch)
    expect(await one.members()).toHaveLength(4)
    expect(await one.commit({ mutations: [{ type: 'sweep' }] })).toEqual({ ...swept, removed: [] })
    const [got] = await one.read({ type: 'get', key: ['a'], follow: 'all' })
    expect([...got.objects.keys()]).toEqual([kept.id, leaf.id])
  })

  it('sees ids from the first to the last', async () => {
    const one = subject()
    const [first, last, lost] = ['00', 'ff', 'fe'].map((byte) => ({
      ...object(bytes(1)),
      id: byte.repeat(16),
    })) as [TestObject, TestObject, TestObject]
    const top = { ...object(bytes(2)), id: 'ff00'.repeat(8), refs: [first.id, last.id] }
    await one.commit({
      mutations: [first, last, lost, top, { type: 'put', key: ['a'], bytes: bytes(), refs: [top.id] }],
    })
    expect((await one.read({ type: 'info' }))[0].objects).toBe(4)
    await one.commit({ mutations: [{ type: 'sweep' }] })
    const [info, got] = await one.read({ type: 'info' }, { type: 'get', key: ['a'], follow: 'all' })
    expect(info.objects).toBe(3)
    expect([...got.objects.keys()]).toEqual([top.id, first.id, last.id])
  })

  it('keeps the expiry, and walks more than one page', async () => {
    const one = subject()
    const objects = Array.from({ length: 300 }, (_, at) => object(bytes(at & 255, at >> 8)))
    const records: Mutation[] = objects
      .filter((_, at) => at % 3 === 0)
      .map(({ id }, at) => ({ type: 'put', key: ['k', String(at)], bytes: bytes(), refs: [id] }))
    await one.commit({ mutations: [...objects, ...records, { type: 'expire', ttlMs: 60_000 }] })
    await one.commit({ mutations: [{ type: 'sweep' }] })
    const [info] = await one.read({ type: 'info' })
    expect(info).toMatchObject({ records: 100, objects: 100 })
    expect(info.ttlMs).toBeGreaterThan(0)
  })
})
