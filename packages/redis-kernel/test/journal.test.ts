import type { Batch, Mutation } from '@cairnkit/core/driver'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { scripts } from '../src/storage/scripts.generated.js'
import { type Subject, bytes, noise, object, useLab } from './support/subject.js'

const subject = useLab()
afterEach(() => void vi.restoreAllMocks())

const put = (key: string[], ...content: number[]): Mutation => ({
  type: 'put',
  key,
  bytes: bytes(...content),
})
const many = (count: number, prefix = 'w', ...content: number[]): Mutation[] =>
  Array.from({ length: count }, (_, at) => put([prefix, String(at).padStart(5, '0')], ...content))
const info = { type: 'info' } as const
const ofAll = { type: 'count', prefix: ['w'] } as const

async function tags(one: Subject): Promise<string> {
  const letters = (await one.members()).map((member) => member.toString('latin1', 0, 1)).join('')
  return letters.replace(/(.)\1+/g, '$1')
}

/** Has the process end before a script of the commit is sent. Gives what became of the call. */
async function stopAt(one: Subject, script: 'commit' | 'apply', batch: Batch): Promise<boolean> {
  one.transport.before = ([name, sha]) => {
    if (name === 'EVALSHA' && sha === scripts[script].sha1) throw new Error('read ECONNRESET')
  }
  const ok = await one.commit(batch).then(
    (result) => result.ok,
    () => false,
  )
  one.transport.before = () => {}
  return ok
}

describe('a commit of many mutations', () => {
  it('is the same as a small one', async () => {
    const one = subject()
    const held = object(bytes(9))
    const large = object(noise(300_000))
    await one.commit({
      mutations: [put(['a'], 1), put(['b'], 1), put(['d', '1'], 1), put(['d', '2'], 1), held],
    })
    const result = await one.commit({
      mutations: [
        ...many(1200),
        { type: 'insert', key: ['a'], bytes: bytes(2) },
        { type: 'insert', key: ['c'], bytes: bytes(2) },
        put(['b'], 2),
        put(['b'], 3),
        { type: 'delete', key: ['w', '00007'] },
        { type: 'deleteRange', prefix: ['d'], until: ['d', '2'] },
        held,
        large,
        { type: 'put', key: ['e'], bytes: bytes(), refs: [held.id, large.id] },
        { type: 'expire', ttlMs: 60_000 },
      ],
    })
    expect(result).toMatchObject({ ok: true, created: false })
    const [count, all, followed, state] = await one.read(
      ofAll,
      { type: 'range', prefix: [], until: ['w'] },
      { type: 'get', key: ['e'], follow: 'all' },
      info,
    )
    expect(count.count).toBe(1199)
    expect(all.records.map(({ key, bytes: content }) => `${key.join('/')}=${content.join()}`)).toEqual([
      'a=1',
      'b=3',
      'c=2',
      'd/2=1',
      'e=',
    ])
    expect(Buffer.compare(followed.objects.get(large.id)?.bytes ?? bytes(), large.bytes)).toBe(0)
    expect(state.ttlMs).toBeGreaterThan(30_000)
    expect(state.epoch).toBe(result.epoch)
    expect(await tags(one)).toBe('eopr')
  })

  it('gives birth to a partition, or empties it', async () => {
    const one = subject()
    expect(await one.commit({ mutations: many(600) })).toMatchObject({
      ok: true,
      created: true,
      dropped: false,
    })
    expect(await one.node.command('PTTL', one.key)).toBe(-1)
    const gone = many(600).map((mutation) => ({
      type: 'delete' as const,
      key: 'key' in mutation ? mutation.key : [],
    }))
    expect(await one.commit({ mutations: gone })).toEqual({
      ok: true,
      created: false,
      epoch: null,
      dropped: false,
    })
    expect(await one.node.command('EXISTS', one.key)).toBe(0)
    expect(await one.commit({ mutations: gone })).toEqual({
      ok: true,
      created: false,
      epoch: null,
      dropped: false,
    })
    expect(await one.node.command('EXISTS', one.key)).toBe(0)
  })

  it('over a check that fails leaves nothing behind', async () => {
    const one = subject()
    await one.commit({ mutations: [put(['a'])] })
    const before = await one.members()
    const refused = await one.commit({ checks: [{ type: 'absent', key: ['a'] }], mutations: many(3000) })
    expect(refused).toMatchObject({ ok: false, failedChecks: [0] })
    expect(await one.members()).toEqual(before)
  })

  it('is durable when all of it is', async () => {
    const one = subject()
    const durability = { replicas: 0, timeoutMs: 50, fsync: false }
    const result = await one.driver.commit(one.partition, { mutations: many(1000) }, { durability })
    expect(result).toMatchObject({ ok: true, created: true, acknowledged: { replicas: 0 } })
    const names = one.transport.takeNames()
    expect(names.slice(-2)).toEqual(['EVALSHA', 'WAIT'])
    expect((await one.read(ofAll))[0].count).toBe(1000)
  })

  it('is one of many bytes, too, and no script is given more than one of them is worth', async () => {
    const one = subject()
    const contents = Array.from({ length: 20 }, (_, at) => noise(100_000, at + 1))
    one.transport.takeNames()
    const mutations = contents.map((content, at): Mutation => ({
      type: 'put',
      key: ['w', String(at + 10)],
      bytes: content,
    }))
    expect(await one.commit({ mutations })).toMatchObject({ ok: true, created: true })
    for (const [, ...args] of one.transport.sent.filter(([name]) => name === 'EVALSHA'))
      expect(args.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(1000)
    const [all] = await one.read({ type: 'range', prefix: ['w'] })
    for (const [at, content] of contents.entries())
      expect(Buffer.compare(all.records[at]?.bytes ?? bytes(), content)).toBe(0)
    expect(await tags(one)).toBe('er')
  })

  it('is one that removes many records: in steps, of which nobody sees one', async () => {
    const one = subject()
    const other = subject()
    await one.commit({ mutations: [...many(2500), put(['x'])] })
    one.transport.takeNames()
    const seen = new Set<number>()
    let steps = 0
    one.transport.before = async ([name, sha]) => {
      if (name !== 'EVALSHA' || sha !== scripts.apply.sha1) return
      // Whoever looks carries it out.
      if (++steps === 2) seen.add((await one.readBy(other, ofAll))[0].count)
    }
    const refused = await one.commit({
      checks: [{ type: 'absent', key: ['x'] }],
      mutations: [{ type: 'deleteRange', prefix: [] }],
    })
    expect(refused).toMatchObject({ ok: false, failedChecks: [0] })
    expect(await one.commit({ mutations: [{ type: 'deleteRange', prefix: ['w'] }] })).toMatchObject({
      ok: true,
    })
    expect([...seen]).toEqual([0])
    expect((await one.read({ type: 'count', prefix: [] }))[0].count).toBe(1)
    expect(await one.commit({ mutations: [{ type: 'deleteRange', prefix: [] }] })).toMatchObject({
      epoch: null,
    })
    expect(await one.node.command('EXISTS', one.key)).toBe(0)
  })

  it('takes many steps, of which nobody sees one', async () => {
    const one = subject()
    const other = subject()
    await one.commit({ mutations: many(2000, 'w', 1) })
    const seen = new Set<string>()
    const look = async (): Promise<void> => {
      const [range] = await one.readBy(other, { type: 'range', prefix: ['w'] })
      seen.add(
        [...new Set(range.records.map((record) => record.bytes.join()))].join() + `:${range.records.length}`,
      )
    }
    let steps = 0
    one.transport.before = async ([name, sha]) => {
      if (name !== 'EVALSHA' || sha !== scripts.apply.sha1) return
      if (++steps === 2) await look()
    }
    await look()
    await Promise.all([one.commit({ mutations: many(2000, 'w', 2) }), look()])
    await look()
    expect([...seen].sort()).toEqual(['1:2000', '2:2000'])
  })
})

describe('a commit of many mutations whose process ends', () => {
  it('before it was decided has not happened, and is removed in time', async () => {
    const one = subject()
    const now = Date.now()
    vi.spyOn(Date, 'now').mockReturnValue(now - 20 * 60_000)
    expect(await stopAt(one, 'commit', { mutations: many(1200) })).toBe(false)
    expect((await one.read(info))[0]).toMatchObject({ epoch: null, records: 0, objects: 0 })
    const listed: string[] = []
    for await (const id of one.driver.partitions(one.partition)) listed.push(id)
    expect(listed).toEqual([])
    expect(Number(await one.node.command('PTTL', one.key))).toBeGreaterThan(0)
    vi.spyOn(Date, 'now').mockReturnValue(now)
    // Each removes 256 members at the most.
    for (let commits = 0; commits < 5; commits++) await one.commit({ mutations: [put(['a'], commits)] })
    expect(await tags(one)).toBe('er')
    expect(await one.node.command('PTTL', one.key)).toBe(-1)
  })

  it('after it was decided is carried out by whoever reads', async () => {
    const one = subject()
    expect(await stopAt(one, 'apply', { mutations: many(1200) })).toBe(true)
    expect(await tags(one)).toBe('ewxz')
    const reader = subject()
    const [count] = await one.readBy(reader, ofAll)
    expect(count.count).toBe(1200)
    expect(await tags(one)).toBe('er')
  })

  it.each<[string, (one: Subject) => Promise<unknown>, number, Uint8Array | undefined]>([
    ['commits', (one) => one.commit({ mutations: [put(['w', '00001'], 7)] }), 1200, bytes(7)],
    ['commits much', (one) => one.commit({ mutations: many(700, 'w', 7) }), 1200, bytes(7)],
    ['commits what is large', (one) => one.commit({ mutations: [object(noise(300_000))] }), 1200, bytes()],
    ['drops', (one) => one.driver.drop(one.partition), 0, undefined],
  ])('after it was decided is carried out before another %s', async (_what, act, expected, content) => {
    const one = subject()
    expect(await stopAt(one, 'apply', { mutations: many(1200) })).toBe(true)
    await act(one)
    const [count, found] = await one.read(ofAll, { type: 'get', key: ['w', '00001'] })
    expect(count.count).toBe(expected)
    expect(found.record?.bytes).toEqual(content)
    expect(await tags(one)).not.toMatch(/[wxz]/)
  })

  it('is carried out though the server takes nothing more', async () => {
    const one = subject()
    expect(await stopAt(one, 'apply', { mutations: many(1200) })).toBe(true)
    await one.node.command('CONFIG', 'SET', 'maxmemory', '1')
    try {
      expect((await one.read(ofAll))[0].count).toBe(1200)
    } finally {
      await one.node.command('CONFIG', 'SET', 'maxmemory', '0')
    }
  })
})
