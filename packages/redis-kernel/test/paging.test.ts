import type { Mutation, StoredRecord } from '@cairnkit/core/driver'
import type { RedisCommand } from '../src/storage/index.js'
import { describe, expect, it } from 'vitest'
import { scripts } from '../src/storage/scripts.generated.js'
import { type Subject, bytes, noise, object, useLab } from './support/subject.js'

const subject = useLab()

const padded = (at: number): string => String(at).padStart(5, '0')
const put = (key: string[], ...content: number[]): Mutation => ({
  type: 'put',
  key,
  bytes: bytes(...content),
})
const everything = { type: 'range', prefix: [] } as const

/** `g/00000` has 2,500 members, and each of the others none. */
async function filled(): Promise<{ one: Subject; keys: string[] }> {
  const one = subject()
  const keys: string[][] = []
  for (let at = 0; at < 1500; at++) {
    keys.push(['g', padded(at)])
    if (at === 0) for (let member = 0; member < 2500; member++) keys.push(['g', padded(at), padded(member)])
  }
  await one.commit({ mutations: keys.map((key) => put(key, 1)) })
  one.transport.takeNames()
  return { one, keys: keys.map((key) => key.join('/')) }
}

const keysOf = (records: readonly StoredRecord[]): string[] => records.map(({ key }) => key.join('/'))
const isRead = ([, script]: RedisCommand): boolean =>
  script === scripts.read.sha1 || script === scripts.read.source

describe('a read of more records than one script gives', () => {
  it('is made in pages, and is the same', async () => {
    const { one, keys } = await filled()
    const [all, back, few] = await one.read(
      everything,
      { ...everything, reverse: true, limit: 2800 },
      { type: 'range', prefix: ['g'], from: ['g', '01400'] },
    )
    expect(one.transport.sent.filter(isRead).length).toBeGreaterThanOrEqual(6)
    expect(keysOf(all.records)).toEqual(keys)
    expect(keysOf(back.records)).toEqual([...keys].reverse().slice(0, 2800))
    expect(few.records).toHaveLength(100)
  })

  it.each([
    [{}, 1500, '00000'],
    [{ reverse: true }, 1500, '01499'],
    [{ limit: 1 }, 1, '00000'],
    [{ limit: 1, reverse: true, until: '00001' }, 1, '00000'],
    [{ limit: 1200, reverse: true }, 1200, '01499'],
    [{ limit: 1200 }, 1200, '00000'],
    [{ from: '00001', limit: 1100, orphans: true }, 1100, '00001'],
  ])('groups %j', async (options, count, first) => {
    const { one } = await filled()
    const [{ groups }, names] = await one.read(
      { type: 'groups', prefix: ['g'], ...options },
      { type: 'names', prefix: ['g'], ...options },
    )
    expect(groups).toHaveLength(count)
    expect(groups[0]?.element).toBe(first)
    expect(groups.every(({ record, element }) => record?.key[1] === element)).toBe(true)
    for (const { element, members } of groups)
      expect(members.map(({ key }) => key[2])).toEqual(
        element === '00000' ? Array.from({ length: 2500 }, (_, at) => padded(at)) : [],
      )
    expect(names.names).toEqual(groups.map(({ element }) => element))
  })

  it('has whatever its records refer to', async () => {
    const one = subject()
    const objects = Array.from({ length: 1300 }, (_, at) => object(noise(20, at + 1)))
    await one.commit({
      mutations: objects.flatMap((held, at): Mutation[] => [
        held,
        { type: 'put', key: ['a', padded(at)], bytes: bytes(), refs: [held.id] },
      ]),
    })
    one.transport.takeNames()
    const [all, state] = await one.read({ ...everything, follow: 'all' }, { type: 'info' })
    expect([all.records.length, all.objects.size]).toEqual([1300, 1300])
    expect(state).toMatchObject({ records: 1300, objects: 1300 })
    // Not one command for each object, but for those of the last script that would not be full.
    expect(one.transport.sent.length).toBeLessThan(128 + 10)
  })

  it('counts bytes as well as records', async () => {
    const one = subject()
    const contents = Array.from({ length: 60 }, (_, at) => noise(150_000, at + 1))
    for (const [at, content] of contents.entries())
      await one.commit({ mutations: [{ type: 'put', key: ['a', padded(at)], bytes: content }] })
    one.transport.takeNames()
    const [all] = await one.read(everything)
    expect(one.transport.sent.filter(isRead).length).toBeGreaterThan(2)
    for (const [at, content] of contents.entries())
      expect(Buffer.compare(all.records[at]?.bytes ?? bytes(), content)).toBe(0)
  })
})

/** What another process does between the first page and the second one. */
const between: readonly (readonly [string, (one: Subject) => Promise<unknown>])[] = [
  ['adds a record before them', (one) => one.commit({ mutations: [put(['f'], 2)] })],
  ['adds one behind them', (one) => one.commit({ mutations: [put(['h'], 2)] })],
  ['changes one that was read', (one) => one.commit({ mutations: [put(['g', '00000'], 2)] })],
  ['changes the last one', (one) => one.commit({ mutations: [put(['g', '01499'], 2)] })],
  ['removes one', (one) => one.commit({ mutations: [{ type: 'delete', key: ['g', '00000', '00007'] }] })],
  [
    'removes one and adds another one',
    (one) => one.commit({ mutations: [put(['h'], 2), { type: 'delete', key: ['g', '00000', '00007'] }] }),
  ],
  [
    'changes one there and back again',
    async (one) => {
      await one.commit({ mutations: [put(['g', '00000'], 2), put(['g', '01499'], 2)] })
      await one.commit({ mutations: [put(['g', '00000'], 1)] })
    },
  ],
  [
    'changes all',
    (one) => one.commit({ mutations: Array.from({ length: 1500 }, (_, at) => put(['g', padded(at)], 2)) }),
  ],
  ['drops all', (one) => one.driver.drop(one.partition)],
  [
    'drops all and stores as much',
    async (one) => {
      await one.driver.drop(one.partition)
      await one.commit({ mutations: Array.from({ length: 4000 }, (_, at) => put(['g', padded(at)], 2)) })
    },
  ],
]

describe('a read in pages is of one instant', () => {
  const texts = (records: readonly StoredRecord[]): string[] =>
    records.map(({ key, bytes: content }) => `${key.join('/')}=${content.join()}`)

  it.each(between)('where another process %s between two of them', async (_what, change) => {
    const { one } = await filled()
    let pages = 0
    one.transport.before = async (command) => {
      if (!isRead(command) || ++pages !== 2) return
      one.transport.before = () => {}
      await change(one)
    }
    const [all, newest, state] = await one.read(
      everything,
      { type: 'groups', prefix: ['g'], limit: 1, reverse: true },
      { type: 'info' },
    )
    const [expected] = await one.read(everything)
    expect(texts(all.records)).toEqual(texts(expected.records))
    expect(newest.groups[0]?.element).toBe(expected.records.findLast(({ key }) => key[0] === 'g')?.key[1])
    expect(state.records).toBe(expected.records.length)
  })

  it('is made by one script at last where each two of them have a change between them', async () => {
    const { one } = await filled()
    const other = subject()
    let [pages, changes] = [0, 0]
    one.transport.before = async (command) => {
      if (!isRead(command)) return
      pages++
      await other.driver.commit(one.partition, { mutations: [put(['h', padded(changes++)], 2)] })
    }
    const [all] = await one.read(everything)
    one.transport.before = () => {}
    expect(all.records).toHaveLength(4000 + changes)
    // Two for each attempt, and the last one.
    expect(pages).toBe(11)
  })

  it('is made in one page where there are few records: no commit leaves a generation there', async () => {
    const one = subject()
    for (const content of [1, 2, 3])
      await one.commit({ mutations: Array.from({ length: 16 }, (_, at) => put(['a', padded(at)], content)) })
    await one.commit({ mutations: [{ type: 'delete', key: ['a', '00003'] }] })
    const before = await one.members()
    expect(before.map((member) => member.toString('latin1', 0, 1)).join('')).toBe(`e${'r'.repeat(15)}`)
    await one.commit({ mutations: [put(['b'], 1), put(['c'], 1)] })
    expect(await one.members()).toHaveLength(18)
    await one.commit({ mutations: [put(['b'], 2)] })
    await one.commit({ mutations: [put(['b'], 3)] })
    const after = (await one.members()).map((member) => member.toString('latin1', 0, 1)).join('')
    expect(after).toBe(`eg${'r'.repeat(17)}`)
    await one.commit({ mutations: [{ type: 'deleteRange', prefix: [] }] })
    expect(await one.node.command('EXISTS', one.key)).toBe(0)
  })
})
