import { describe, expect, it } from 'vitest'
import { readVerbs } from './support/server-commands.js'
import { type Subject, bytes, object, useLab } from './support/subject.js'

const subject = useLab()

async function filled(keys: string[][]): Promise<Subject> {
  const one = subject()
  await one.commit({ mutations: keys.map((key, at) => ({ type: 'put', key, bytes: bytes(at) })) })
  return one
}

const keysOf = (records: readonly { key: readonly string[] }[]): string[] =>
  records.map(({ key }) => key.join('/'))

describe('range', () => {
  const keys = [['a'], ['a', ''], ['a', '1'], ['a', '1', 'x'], ['a', '2'], ['a\0'], ['b', '1']]

  it.each([
    [{}, 'a a/ a/1 a/1/x a/2 a\0 b/1'],
    [{ prefix: ['a'] }, 'a a/ a/1 a/1/x a/2'],
    [{ prefix: ['a'], limit: 2 }, 'a a/'],
    [{ prefix: ['a'], limit: 0 }, ''],
    [{ prefix: ['a'], reverse: true, limit: 2 }, 'a/2 a/1/x'],
    [{ prefix: ['a'], from: ['a', '1'] }, 'a/1 a/1/x a/2'],
    [{ prefix: ['a'], from: ['a', '1', ''] }, 'a/1/x a/2'],
    [{ prefix: ['a'], until: ['a', '1', 'x'] }, 'a a/ a/1'],
    [{ prefix: ['a', '1'], from: [], until: ['z'] }, 'a/1 a/1/x'],
    [{ prefix: ['a'], from: ['a', '2'], until: ['a', '1'] }, ''],
    [{ prefix: ['nothing'] }, ''],
  ])('%j', async (paging, expected) => {
    const one = await filled(keys)
    const [range] = await one.read({ type: 'range', prefix: [], ...paging })
    expect(keysOf(range.records).join(' ')).toBe(expected)
  })
})

describe('groups and names', () => {
  const keys = [
    ['g'],
    ['g', ''],
    ['g', '1'],
    ['g', '1', 'w', '0'],
    ['g', '1', 'w', '1'],
    ['g', '2', 'w'],
    ['g', '3'],
    ['h'],
  ]

  it.each([
    [{}, 'g/ | g/1 g/1/w/0 g/1/w/1 | g/3'],
    [{ orphans: true }, 'g/ | g/1 g/1/w/0 g/1/w/1 | g/2/w | g/3'],
    [{ reverse: true }, 'g/3 | g/1 g/1/w/0 g/1/w/1 | g/'],
    [{ reverse: true, orphans: true, limit: 2 }, 'g/3 | g/2/w'],
    [{ reverse: true, limit: 2 }, 'g/3 | g/1 g/1/w/0 g/1/w/1'],
    [{ limit: 0 }, ''],
    [{ from: '1', until: '3' }, 'g/1 g/1/w/0 g/1/w/1'],
    [{ from: '1\0', orphans: true }, 'g/2/w | g/3'],
    [{ until: '3', reverse: true }, 'g/1 g/1/w/0 g/1/w/1 | g/'],
  ])('groups %j', async (options, expected) => {
    const one = await filled(keys)
    const [{ groups }] = await one.read({ type: 'groups', prefix: ['g'], ...options })
    const text = groups.map(({ element, record, members }) => {
      const all = record === undefined ? members : [record, ...members]
      expect(all.every(({ key }) => key[1] === element)).toBe(true)
      return keysOf(all).join(' ')
    })
    expect(text.join(' | ')).toBe(expected)
  })

  it.each([
    [{}, ['', '1', '2', '3']],
    [{ reverse: true, limit: 3 }, ['3', '2', '1']],
    [{ from: '1', until: '3' }, ['1', '2']],
    [{ limit: 0 }, []],
  ])('names %j', async (options, expected) => {
    const one = await filled(keys)
    const [{ names }] = await one.read({ type: 'names', prefix: ['g'], ...options })
    expect(names).toEqual(expected)
  })

  it('names cost one seek each, however large the groups are', async () => {
    const one = await filled(Array.from({ length: 2000 }, (_, at) => ['g', String(at % 2), String(at)]))
    await one.node.command('CONFIG', 'RESETSTAT')
    await one.read({ type: 'names', prefix: ['g'] })
    // Two look at the ends of the set, two find a name each, and one finds no more.
    expect(await one.node.command('INFO', 'commandstats')).toContain('cmdstat_zrange:calls=5,')
  })
})

describe('objects', () => {
  it('a closure has each object once, also when it is reached twice or in a circle of reads', async () => {
    const one = subject()
    const leaf = object(bytes(1))
    const left = object(bytes(2), [leaf.id])
    const right = object(bytes(3), [leaf.id, leaf.id])
    await one.commit({
      mutations: [leaf, left, right, { type: 'put', key: ['a'], bytes: bytes(), refs: [left.id, right.id] }],
    })
    one.transport.takeNames()
    const [plain, followed, alone, all] = await one.read(
      { type: 'get', key: ['a'] },
      { type: 'range', prefix: [], follow: 'all' },
      { type: 'objects', ids: [right.id, 'f'.repeat(32)] },
      { type: 'objects', ids: [right.id], follow: 'all' },
    )
    expect(one.transport.takeNames()).toEqual([(await readVerbs(one.node))[0]])
    expect(plain.objects.size).toBe(0)
    expect([...followed.objects.keys()]).toEqual([left.id, right.id, leaf.id])
    expect([...alone.objects]).toEqual([[right.id, { bytes: bytes(3), refs: [leaf.id, leaf.id] }]])
    expect([...all.objects.keys()]).toEqual([right.id, leaf.id])
    expect(all.objects.get(leaf.id)?.bytes).not.toBe(followed.objects.get(leaf.id)?.bytes)
  })

  it('an object asked for alone, and reached by another read of the same call', async () => {
    const one = subject()
    const leaf = object(bytes(1))
    const top = object(bytes(2), [leaf.id])
    const root = object(bytes(3), [top.id])
    await one.commit({ mutations: [leaf, top, root] })
    one.transport.takeNames()
    const [alone, all] = await one.read(
      { type: 'objects', ids: [top.id] },
      { type: 'objects', ids: [root.id], follow: 'all' },
    )
    expect(one.transport.takeNames()).toEqual([(await readVerbs(one.node))[0]])
    expect([...alone.objects.keys()]).toEqual([top.id])
    expect([...all.objects.keys()]).toEqual([root.id, top.id, leaf.id])
  })
})

it('answers nothing about a partition that is not there', async () => {
  const [get, range, groups, names, count, objects, info] = await subject().read(
    { type: 'get', key: ['a'], follow: 'all' },
    { type: 'range', prefix: [] },
    { type: 'groups', prefix: [] },
    { type: 'names', prefix: [] },
    { type: 'count', prefix: [] },
    { type: 'objects', ids: ['0'.repeat(32)] },
    { type: 'info' },
  )
  expect(get).toEqual({ type: 'get', record: undefined, objects: new Map() })
  expect([range.records, groups.groups, names.names, count.count, objects.objects.size]).toEqual([
    [],
    [],
    [],
    0,
    0,
  ])
  expect(info.epoch).toBeNull()
})

it('counts the record at the prefix and those below', async () => {
  const one = await filled([['a'], ['a', '1'], ['ab']])
  expect((await one.read({ type: 'count', prefix: ['a'] }))[0].count).toBe(2)
})
