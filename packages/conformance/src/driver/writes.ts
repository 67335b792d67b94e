import assert from 'node:assert/strict'
import type { DeleteRangeMutation, Tuple } from '@cairnkit/core/driver'
import { everything, insert, object, put, remove } from './mutations.js'
import { assertSame, keysOf, textsOf, valueOf } from './plain.js'
import type { DriverSuite } from './suite.js'
import { same } from './same.js'

const keys: readonly Tuple[] = [['a'], ['a', '1'], ['a', '2'], ['a', '2', 'x'], ['a', '3'], ['ab'], ['b']]

/** `put`, `insert`, `delete`, `deleteRange`, `object`. What `sweep` and `expire` do has files of its own. */
export function writes(suite: DriverSuite): void {
  suite.section('mutations', () => {
    suite.test('put replaces bytes and references', async () => {
      const subject = suite.fresh()
      const [one, two] = [object('one'), object('two')]
      await subject.write(one, two, put(['a'], 'long value', [one.id, two.id]))
      await subject.write(put(['a'], 'short', [two.id]))
      const [got, all] = await subject.read({ type: 'get', key: ['a'] }, everything)
      assertSame(got.record, { key: ['a'], bytes: Buffer.from('short'), refs: [two.id] })
      assert.equal(all.records.length, 1)
      await subject.write(put(['a'], ''))
      assertSame((await subject.read({ type: 'get', key: ['a'] }))[0].record, {
        key: ['a'],
        bytes: new Uint8Array(0),
        refs: [],
      })
    })

    suite.test('put without references means none', async () => {
      const subject = suite.fresh()
      await subject.write({ type: 'put', key: ['a'], bytes: Buffer.from('v') })
      await subject.write({ type: 'insert', key: ['b'], bytes: Buffer.from('v') })
      const held = object('held')
      await subject.write({ type: 'object', id: held.id, bytes: held.bytes })
      const [all, objects] = await subject.read(everything, { type: 'objects', ids: [held.id] })
      same(
        all.records.map(({ refs }) => refs.length),
        [0, 0],
      )
      assert.equal(objects.objects.get(held.id)?.refs.length, 0)
    })

    suite.test('insert keeps the first, within a batch and between batches', async () => {
      const subject = suite.fresh()
      const held = object('held')
      await subject.write(held, insert(['a'], 'first'), insert(['a'], 'second', [held.id]))
      await subject.write(insert(['a'], 'third', [held.id]), insert(['b'], 'first'))
      const [a, b] = await subject.read({ type: 'get', key: ['a'] }, { type: 'get', key: ['b'] })
      assertSame([a.record?.bytes, a.record?.refs], [Buffer.from('first'), []])
      assert.equal(valueOf(b), 'first')
    })

    suite.test('insert keeps an empty value too', async () => {
      const subject = suite.fresh()
      await subject.write(insert(['a'], ''))
      await subject.write(insert(['a'], 'second'))
      assert.equal(valueOf((await subject.read({ type: 'get', key: ['a'] }))[0]), '')
    })

    suite.test('delete removes exactly this key', async () => {
      const subject = suite.fresh()
      await subject.write(...keys.map((key) => put(key)))
      await subject.write(remove(['a']), remove(['a', '2']), remove(['not there']), remove(['a', '']))
      same(keysOf((await subject.read(everything))[0]), ['a/1', 'a/2/x', 'a/3', 'ab', 'b'])
    })

    const ranges: Readonly<Record<string, readonly [Omit<DeleteRangeMutation, 'type'>, readonly string[]]>> =
      {
        'everything below a prefix, its own key included': [{ prefix: ['a'] }, ['ab', 'b']],
        'everything below a deeper prefix': [{ prefix: ['a', '2'] }, ['a', 'a/1', 'a/3', 'ab', 'b']],
        'from a key on, inclusive': [{ prefix: ['a'], from: ['a', '2'] }, ['a', 'a/1', 'ab', 'b']],
        'until a key, exclusive': [{ prefix: ['a'], until: ['a', '2'] }, ['a/2', 'a/2/x', 'a/3', 'ab', 'b']],
        'between bounds': [{ prefix: [], from: ['a', '1'], until: ['a', '3'] }, ['a', 'a/3', 'ab', 'b']],
        'no key outside of the prefix': [
          { prefix: ['a', '2'], from: ['a'], until: ['z'] },
          ['a', 'a/1', 'a/3', 'ab', 'b'],
        ],
        'nothing where nothing is': [{ prefix: ['x'] }, ['a', 'a/1', 'a/2', 'a/2/x', 'a/3', 'ab', 'b']],
        'nothing between bounds the wrong way': [
          { prefix: [], from: ['b'], until: ['a'] },
          ['a', 'a/1', 'a/2', 'a/2/x', 'a/3', 'ab', 'b'],
        ],
        'nothing between equal bounds': [
          { prefix: [], from: ['a'], until: ['a'] },
          ['a', 'a/1', 'a/2', 'a/2/x', 'a/3', 'ab', 'b'],
        ],
      }
    for (const [name, [range, expected]] of Object.entries(ranges)) {
      suite.test(`deleteRange removes ${name}`, async () => {
        const subject = suite.fresh()
        await subject.write(...keys.map((key) => put(key)))
        await subject.write({ type: 'deleteRange', ...range })
        const [all, count] = await subject.read(everything, { type: 'count', prefix: [] })
        same(keysOf(all), expected)
        assert.equal(count.count, expected.length)
      })
    }

    suite.test('deleteRange spares objects', async () => {
      const subject = suite.fresh()
      const held = object('held')
      await subject.write(held, put(['a'], 'v', [held.id]))
      await subject.write({ type: 'deleteRange', prefix: [] })
      const [objects, info] = await subject.read({ type: 'objects', ids: [held.id] }, { type: 'info' })
      same(textsOf(objects.objects), ['held'])
      same([info.records, info.objects], [0, 1])
    })

    suite.test('deleteRange removes thousands', async () => {
      const subject = suite.fresh()
      const many = Array.from({ length: 5000 }, (_, at) => put(['p', String(at)]))
      await subject.write(put(['o']), put(['q']), ...many)
      await subject.write({ type: 'deleteRange', prefix: ['p'] })
      same(keysOf((await subject.read(everything))[0]), ['o', 'q'])
    })

    suite.test('object is written once, however often it is sent', async () => {
      const subject = suite.fresh()
      const held = object('held')
      await subject.write(held, held)
      await subject.write(held)
      const [info, objects] = await subject.read({ type: 'info' }, { type: 'objects', ids: [held.id] })
      assert.equal(info.objects, 1)
      same(textsOf(objects.objects), ['held'])
    })

    suite.test('object may come after, with, or before the record that refers to it', async () => {
      const subject = suite.fresh()
      const [early, within, late] = [object('early'), object('within'), object('late')]
      await subject.write(early)
      await subject.write(put(['a'], 'v', [early.id, within.id, late.id]), within)
      await subject.write(late)
      const [got] = await subject.read({ type: 'get', key: ['a'], follow: 'all' })
      same(textsOf(got.objects), ['early', 'late', 'within'])
    })

    suite.test('equal bytes with other references are another object', async () => {
      const subject = suite.fresh()
      const leaf = object('leaf')
      const [plain, node] = [object('same'), object('same', [leaf.id])]
      assert.notEqual(plain.id, node.id)
      await subject.write(leaf, plain, node)
      const [found] = await subject.read({ type: 'objects', ids: [plain.id, node.id] })
      same(
        [plain.id, node.id].map((id) => found.objects.get(id)?.refs.length),
        [0, 1],
      )
    })
  })
}
