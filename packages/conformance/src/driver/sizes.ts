import assert from 'node:assert/strict'
import { StorageError } from '@cairnkit/core'
import type { Mutation } from '@cairnkit/core/driver'
import { everything, object, put, sweep } from './mutations.js'
import { assertBytes } from './plain.js'
import { Subject } from './subject.js'
import type { DriverSuite } from './suite.js'
import { same } from './same.js'

const MIB = 1024 * 1024
/** What is larger than this is not built only to be refused. */
const LARGEST_TO_BUILD = 1024 * MIB
const LARGEST_TO_STORE = 16 * MIB

/** Large values, large closures, and the limits that a driver names. */
export function sizes(suite: DriverSuite): void {
  suite.section('sizes', () => {
    for (const size of [65_535, 65_536, 262_144, MIB]) {
      suite.test(`keeps a record and an object of ${size} bytes`, async () => {
        const subject = suite.fresh()
        const large = noise(size)
        const held = object(large)
        await subject.write(put(['a'], large, [held.id]), held)
        const [got, range, objects] = await subject.read(
          { type: 'get', key: ['a'], follow: 'all' },
          everything,
          { type: 'objects', ids: [held.id] },
        )
        assertBytes(got.record?.bytes as Uint8Array, large, 'the record')
        assertBytes(got.objects.get(held.id)?.bytes as Uint8Array, large, 'the object, followed')
        assertBytes(range.records[0]?.bytes as Uint8Array, large, 'the record in a range')
        assertBytes(objects.objects.get(held.id)?.bytes as Uint8Array, large, 'the object')
        assert.equal(await subject.holds({ type: 'equals', key: ['a'], bytes: large, refs: [held.id] }), true)
        const almost = Uint8Array.from(large)
        almost[size - 1] = (almost[size - 1] as number) ^ 1
        assert.equal(
          await subject.holds({ type: 'equals', key: ['a'], bytes: almost, refs: [held.id] }),
          false,
        )
      })
    }

    suite.test('replaces and deletes large records, and sweeps large objects', async () => {
      const subject = suite.fresh()
      const held = object(noise(MIB))
      await subject.write(put(['a'], noise(MIB), [held.id]), put(['b'], noise(300_000)), held)
      await subject.write(put(['a'], noise(200_000)), { type: 'delete', key: ['b'] }, sweep)
      const [all, info] = await subject.read(everything, { type: 'info' })
      same([info.records, info.objects], [1, 0])
      assertBytes(all.records[0]?.bytes as Uint8Array, noise(200_000), 'the record')
      await subject.write(put(['a'], 'small'))
      assert.equal((await subject.read(everything))[0].records[0]?.bytes.length, 5)
    })

    suite.test('sweeps many objects, and keeps those that are reached', async () => {
      const subject = suite.fresh()
      const kept = Array.from({ length: 400 }, (_, at) => object(`kept ${at}`))
      const lists = Array.from({ length: 20 }, (_, at) =>
        object(
          `list ${at}`,
          kept.slice(at * 20, at * 20 + 20).map(({ id }) => id),
        ),
      )
      const lost = Array.from({ length: 700 }, (_, at) => object(`lost ${at}`))
      const records = lists.map(({ id }, at) => put(['a', String(at)], 'v', [id]))
      const before = await subject.write(
        ...kept,
        ...lists,
        ...lost,
        ...records,
        put(['b'], 'v', [lost[0]?.id as string]),
      )
      const after = await subject.write({ type: 'delete', key: ['b'] }, sweep, put(['c'], 'v'))
      assert.notEqual(after, before)
      const [info, all] = await subject.read({ type: 'info' }, { ...everything, follow: 'all' })
      same([info.epoch, info.records, info.objects], [after, 21, 420])
      assert.equal(all.objects.size, 420)
    })

    suite.test('returns a closure of 300 objects', async () => {
      const subject = suite.fresh()
      const leaves = Array.from({ length: 300 }, (_, at) => object(`leaf ${at}`))
      const list = object(
        'list',
        leaves.map(({ id }) => id),
      )
      await subject.write(...leaves, list, put(['a'], 'v', [list.id]))
      const [got] = await subject.read({ type: 'get', key: ['a'], follow: 'all' })
      assert.equal(got.objects.size, 301)
      for (const { id, bytes } of leaves)
        assertBytes(got.objects.get(id)?.bytes as Uint8Array, bytes, 'a leaf')
    })

    suite.test('returns a closure that is 500 objects deep', async () => {
      const subject = suite.fresh()
      const links = [object('0')]
      for (let at = 1; at < 500; at++) links.push(object(String(at), [links[at - 1]?.id as string]))
      await subject.write(...links, put(['a'], 'v', [links[499]?.id as string]))
      const [got] = await subject.read({ type: 'get', key: ['a'], follow: 'all' })
      assert.equal(got.objects.size, 500)
    })

    suite.test('returns a closure of several megabytes', async () => {
      const subject = suite.fresh()
      const leaves = Array.from({ length: 24 }, (_, at) => object(noise(256 * 1024, at)))
      const list = object(
        'list',
        leaves.map(({ id }) => id),
      )
      await subject.write(...leaves, list, put(['c', '1'], 'v', [list.id]))
      const [got, info] = await subject.read(
        { type: 'groups', prefix: ['c'], limit: 1, reverse: true, follow: 'all' },
        { type: 'info' },
      )
      assert.equal(info.objects, 25)
      assert.equal(got.objects.size, 25)
      for (const { id, bytes } of leaves)
        assertBytes(got.objects.get(id)?.bytes as Uint8Array, bytes, 'a leaf')
    })

    suite.test('returns a range of several megabytes', async () => {
      const subject = suite.fresh()
      const mutations = Array.from({ length: 20 }, (_, at) => put([String(at + 10)], noise(150_000, at)))
      await subject.write(...mutations)
      const [all] = await subject.read(everything)
      for (const [at, { bytes }] of all.records.entries()) assertBytes(bytes, noise(150_000, at), 'a record')
      assert.equal(all.records.length, 20)
    })

    suite.test('keeps a record with a thousand references', async () => {
      const subject = suite.fresh()
      const held = Array.from({ length: 1000 }, (_, at) => object(String(at)))
      const refs = held.map(({ id }) => id)
      await subject.write(...held, put(['a'], 'v', refs))
      const [got] = await subject.read({ type: 'get', key: ['a'], follow: 'all' })
      same([...(got.record?.refs ?? [])], refs)
      assert.equal(got.objects.size, 1000)
    })

    suite.test('stays usable with 10,000 records', async () => {
      const subject = suite.fresh()
      for (let from = 0; from < 10_000; from += 1000)
        await subject.write(
          ...Array.from({ length: 1000 }, (_, at) => put(['c', String(from + at).padStart(5, '0')], 'value')),
        )
      const [count, newest, page] = await subject.read(
        { type: 'count', prefix: ['c'] },
        { type: 'groups', prefix: ['c'], limit: 1, reverse: true },
        { type: 'range', prefix: ['c'], from: ['c', '05000'], limit: 2 },
      )
      assert.equal(count.count, 10_000)
      assert.equal(newest.groups[0]?.element, '09999')
      same(
        page.records.map(({ key }) => key[1]),
        ['05000', '05001'],
      )
    })

    suite.test('takes the longest key that it names', async () => {
      const { maxKeyBytes } = suite.driver.capabilities.limits
      if (maxKeyBytes > LARGEST_TO_STORE) suite.skip(`the limit is ${maxKeyBytes} bytes`)
      const partition = suite.keyspace().partition('p')
      // An element has an end mark, and so has the key.
      const key = ['k'.repeat(maxKeyBytes - 2)]
      await partition.commit({ mutations: [put(key)] })
      const [got] = await partition.read([{ type: 'get', key }])
      assert.equal(got.record?.key[0]?.length, maxKeyBytes - 2)
    })

    suite.test('takes the largest value that it names', async () => {
      const { maxValueBytes } = suite.driver.capabilities.limits
      if (maxValueBytes > LARGEST_TO_STORE) suite.skip(`the limit is ${maxValueBytes} bytes`)
      const partition = suite.keyspace().partition('p')
      const value = noise(maxValueBytes)
      await partition.commit({ mutations: [put(['a'], value)] })
      const [got] = await partition.read([{ type: 'get', key: ['a'] }])
      assertBytes(got.record?.bytes as Uint8Array, value, 'the record')
    })

    suite.test('refuses a longer key, a larger value and a larger batch with code limit', async () => {
      const { maxKeyBytes, maxValueBytes, maxBatchBytes } = suite.driver.capabilities.limits
      const tooLarge: Mutation[][] = []
      if (maxKeyBytes <= LARGEST_TO_STORE) tooLarge.push([put(['k'.repeat(maxKeyBytes - 1)])])
      if (maxValueBytes <= LARGEST_TO_BUILD) {
        const largest = new Uint8Array(maxValueBytes)
        const count = Math.ceil(maxBatchBytes / maxValueBytes) + 1
        tooLarge.push([put(['a'], new Uint8Array(maxValueBytes + 1))])
        tooLarge.push([{ ...object('o'), bytes: new Uint8Array(maxValueBytes + 1) }])
        tooLarge.push([put(['a'], largest, ['0'.repeat(32)])])
        tooLarge.push(Array.from({ length: count }, (_, at) => put([String(at)], largest)))
      }
      if (tooLarge.length === 0) suite.skip('the limits are too large to exceed')
      const partition = suite.keyspace().partition('p')
      for (const mutations of tooLarge) {
        const error: unknown = await partition
          .commit({ mutations: [put(['small']), ...mutations] })
          .catch((cause: unknown) => cause)
        assert.ok(StorageError.isInstance(error), 'a StorageError')
        same([error.code, error.disposition], ['limit', 'permanent'])
      }
      await new Subject(suite.driver, partition.id).assertAbsent()
    })
  })
}

/** Bytes that do not compress and are the same each time. */
function noise(size: number, seed = 0): Uint8Array {
  const bytes = new Uint8Array(size)
  let state = (seed + 1) * 2_654_435_761
  for (let at = 0; at < size; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[at] = state >>> 24
  }
  return bytes
}
