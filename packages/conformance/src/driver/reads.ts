import assert from 'node:assert/strict'
import type { RangeRead, Tuple } from '@cairnkit/core/driver'
import { everything, object, put } from './mutations.js'
import { assertSame, keysOf, textsOf, valueOf } from './plain.js'
import type { Subject } from './subject.js'
import type { DriverSuite } from './suite.js'
import { same } from './same.js'

const keys: readonly Tuple[] = [
  ['a'],
  ['a', '1'],
  ['a', '1', 'x'],
  ['a', '2'],
  ['a', '3', 'x'],
  ['a', '3', 'y'],
  ['ab'],
  ['b', '1'],
]

/** `get`, `range`, `count`, `objects`, `info`, and what they follow. */
export function reads(suite: DriverSuite): void {
  suite.section('reads', () => {
    suite.test('get finds the record of exactly this key', async () => {
      const subject = await filled(suite)
      const [found, parent, child, sibling] = await subject.read(
        { type: 'get', key: ['a', '1'] },
        { type: 'get', key: ['b'] },
        { type: 'get', key: ['a', '1', ''] },
        { type: 'get', key: ['a', '10'] },
      )
      assertSame(found.record, { key: ['a', '1'], bytes: Buffer.from('a/1'), refs: [] })
      same([parent, child, sibling].map(valueOf), [undefined, undefined, undefined])
      assert.equal(found.objects.size, 0)
    })

    const ranges: Readonly<Record<string, readonly [Omit<RangeRead, 'type'>, readonly string[]]>> = {
      everything: [{ prefix: [] }, ['a', 'a/1', 'a/1/x', 'a/2', 'a/3/x', 'a/3/y', 'ab', 'b/1']],
      'a prefix, its own key included': [{ prefix: ['a'] }, ['a', 'a/1', 'a/1/x', 'a/2', 'a/3/x', 'a/3/y']],
      'a prefix that no key has': [{ prefix: ['aa'] }, []],
      'a prefix longer than its keys': [{ prefix: ['ab', ''] }, []],
      'a prefix without own key': [{ prefix: ['b'] }, ['b/1']],
      'from a key on': [{ prefix: [], from: ['a', '3'] }, ['a/3/x', 'a/3/y', 'ab', 'b/1']],
      'from, inclusive': [{ prefix: [], from: ['ab'] }, ['ab', 'b/1']],
      'until, exclusive': [{ prefix: [], until: ['a', '1', 'x'] }, ['a', 'a/1']],
      'until a key that is not there': [{ prefix: [], until: ['a', '1', 'w'] }, ['a', 'a/1']],
      'between bounds': [
        { prefix: ['a'], from: ['a', '1', 'x'], until: ['a', '3', 'y'] },
        ['a/1/x', 'a/2', 'a/3/x'],
      ],
      'bounds outside of the prefix': [{ prefix: ['a', '3'], from: ['a'], until: ['z'] }, ['a/3/x', 'a/3/y']],
      'bounds before the prefix': [{ prefix: ['b'], until: ['a'] }, []],
      'bounds after the prefix': [{ prefix: ['a'], from: ['b'] }, []],
      'bounds the wrong way': [{ prefix: [], from: ['b'], until: ['a'] }, []],
      'equal bounds': [{ prefix: [], from: ['a'], until: ['a'] }, []],
      'the empty bound': [{ prefix: [], from: [], limit: 2 }, ['a', 'a/1']],
      'until the empty bound': [{ prefix: [], until: [] }, []],
      'a limit': [{ prefix: ['a'], limit: 2 }, ['a', 'a/1']],
      'a limit of nothing': [{ prefix: [], limit: 0 }, []],
      'a limit beyond the end': [{ prefix: ['b'], limit: 100 }, ['b/1']],
      'a limit, backwards': [{ prefix: ['a'], limit: 2, reverse: true }, ['a/3/y', 'a/3/x']],
      'backwards between bounds': [
        { prefix: [], from: ['a', '1'], until: ['a', '3'], reverse: true },
        ['a/2', 'a/1/x', 'a/1'],
      ],
      'backwards until a key that is there': [
        { prefix: [], until: ['ab'], reverse: true, limit: 1 },
        ['a/3/y'],
      ],
      'forwards when told so': [{ prefix: ['a', '3'], reverse: false }, ['a/3/x', 'a/3/y']],
    }
    for (const [name, [read, expected]] of Object.entries(ranges)) {
      suite.test(`range gives ${name}`, async () => {
        const subject = await filled(suite)
        const [found] = await subject.read({ type: 'range', ...read })
        same(keysOf(found), expected)
        for (const { key, bytes } of found.records) assert.equal(Buffer.from(bytes).toString(), key.join('/'))
      })
    }

    suite.test('range pages by key, and neither loses nor repeats', async () => {
      const subject = suite.fresh()
      const many = Array.from({ length: 57 }, (_, at) => ['p', String(at).padStart(3, '0')])
      await subject.write(...many.map((key) => put(key)))
      const seen: string[] = []
      let from: Tuple = ['p']
      for (let pages = 0; pages < 10; pages++) {
        const [page] = await subject.read({ type: 'range', prefix: ['p'], from, limit: 10 })
        seen.push(...keysOf(page))
        const last = page.records.at(-1)
        if (last === undefined) break
        from = [...last.key, '']
      }
      same(
        seen,
        many.map((key) => key.join('/')),
      )
    })

    suite.test('count counts the keys that begin with the prefix', async () => {
      const subject = await filled(suite)
      const results = await subject.read(
        { type: 'count', prefix: [] },
        { type: 'count', prefix: ['a'] },
        { type: 'count', prefix: ['a', '3'] },
        { type: 'count', prefix: ['a', '3', 'y'] },
        { type: 'count', prefix: ['aa'] },
      )
      same(
        results.map(({ count }) => count),
        [8, 6, 2, 1, 0],
      )
    })

    suite.test('objects gives what was asked for, each once', async () => {
      const subject = suite.fresh()
      const [leaf, other] = [object('leaf'), object('other')]
      const node = object('node', [leaf.id])
      await subject.write(leaf, other, node)
      const [none, some, followed, both] = await subject.read(
        { type: 'objects', ids: [] },
        { type: 'objects', ids: [node.id, node.id] },
        { type: 'objects', ids: [node.id], follow: 'all' },
        { type: 'objects', ids: [leaf.id, node.id], follow: 'all' },
      )
      assert.equal(none.objects.size, 0)
      assertSame(some.objects, new Map([[node.id, { bytes: node.bytes, refs: [leaf.id] }]]))
      same(textsOf(followed.objects), ['leaf', 'node'])
      same(textsOf(both.objects), ['leaf', 'node'])
    })

    suite.test('objects are no records: no range, name or count shows them', async () => {
      const subject = suite.fresh()
      await subject.write(object('held'))
      const [all, names, count, groups] = await subject.read(
        everything,
        { type: 'names', prefix: [] },
        { type: 'count', prefix: [] },
        { type: 'groups', prefix: [], orphans: true },
      )
      same([all.records.length, names.names.length, count.count, groups.groups.length], [0, 0, 0, 0])
    })

    suite.test('follow gives the whole closure, each object once', async () => {
      const subject = suite.fresh()
      const leaf = object('leaf')
      const [left, right] = [object('left', [leaf.id]), object('right', [leaf.id, leaf.id])]
      const top = object('top', [left.id, right.id])
      const alone = object('alone')
      await subject.write(leaf, left, right, top, alone)
      await subject.write(put(['a'], 'a', [top.id]), put(['b'], 'b', [right.id, right.id]))
      const [a, b, all, unfollowed] = await subject.read(
        { type: 'get', key: ['a'], follow: 'all' },
        { type: 'get', key: ['b'], follow: 'all' },
        { type: 'range', prefix: [], follow: 'all' },
        { type: 'get', key: ['a'], follow: 'none' },
      )
      same(textsOf(a.objects), ['leaf', 'left', 'right', 'top'])
      same(textsOf(b.objects), ['leaf', 'right'])
      same(textsOf(all.objects), ['leaf', 'left', 'right', 'top'])
      assert.equal(unfollowed.objects.size, 0)
      same([...(a.objects.get(top.id)?.refs ?? [])], [left.id, right.id])
    })

    suite.test('follow reaches only what the returned records reach', async () => {
      const subject = suite.fresh()
      const [one, two] = [object('one'), object('two')]
      await subject.write(one, two, put(['a'], '1', [one.id]), put(['b'], '2', [two.id]))
      const [first, last, none] = await subject.read(
        { type: 'range', prefix: [], limit: 1, follow: 'all' },
        { type: 'range', prefix: [], limit: 1, reverse: true, follow: 'all' },
        { type: 'range', prefix: [], limit: 0, follow: 'all' },
      )
      same(
        [first, last, none].map(({ objects }) => textsOf(objects)),
        [['one'], ['two'], []],
      )
    })

    suite.test('info tells what the partition is', async () => {
      const subject = await filled(suite)
      const info = await subject.info()
      assert.match(info.epoch ?? '', /^[0-9a-f]{32}$/)
      same(info, { type: 'info', epoch: info.epoch, ttlMs: null, records: 8, objects: 0, dropped: false })
    })
  })
}

async function filled(suite: DriverSuite): Promise<Subject> {
  const subject = suite.fresh()
  await subject.write(...keys.map((key) => put(key, key.join('/'))))
  return subject
}
