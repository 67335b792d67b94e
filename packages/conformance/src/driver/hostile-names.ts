import assert from 'node:assert/strict'
import type { Tuple } from '@cairnkit/core/driver'
import { hostileEntries } from '../hostile-inputs.js'
import { put } from './mutations.js'
import { valueOf } from './plain.js'
import { Subject } from './subject.js'
import type { DriverSuite } from './suite.js'
import { same } from './same.js'

/** Every string is a legal name and a legal key element, and stays itself. */
export function hostileNames(suite: DriverSuite): void {
  suite.section('hostile names', () => {
    for (const [name, text] of hostileEntries) {
      suite.test(`a partition named by ${name}`, async () => {
        const keyspace = suite.keyspace()
        const partition = keyspace.partition(text)
        const committed = await partition.commit({ mutations: [put(['a'], name)] })
        assert.ok(committed.ok && committed.created)
        assert.equal(valueOf((await partition.read([{ type: 'get', key: ['a'] }]))[0]), name)
        for (const other of [keyspace.partition(`${text}x`), keyspace.partition(text, '')])
          assert.equal((await other.read([{ type: 'info' }]))[0].epoch, null)
        assert.equal(await partition.drop(), true)
        await new Subject(suite.driver, partition.id).assertAbsent()
      })

      suite.test(`an element of keys: ${name}`, async () => {
        const subject = suite.fresh()
        const keys: readonly Tuple[] = [[text], [text, text], ['c', text], ['c', text, 'w']]
        await subject.write(...keys.map((key, at) => put(key, String(at))))
        const [get, range, groups, names, count, bounded] = await subject.read(
          { type: 'get', key: ['c', text] },
          { type: 'range', prefix: [text] },
          { type: 'groups', prefix: ['c'], from: text, until: `${text}\0` },
          { type: 'names', prefix: ['c'] },
          { type: 'count', prefix: [text] },
          { type: 'range', prefix: ['c'], from: ['c', text, 'w'], until: ['c', `${text}\0`] },
        )
        assert.equal(valueOf(get), '2')
        same(get.record?.key, ['c', text])
        same(
          range.records.map(({ key }) => [...key]),
          [[text], [text, text]],
        )
        assert.equal(groups.groups.length, 1)
        assert.equal(groups.groups[0]?.element, text)
        same(groups.groups[0]?.members[0]?.key, ['c', text, 'w'])
        same([...names.names], [text])
        assert.equal(count.count, 2)
        same(
          bounded.records.map(({ key }) => [...key]),
          [['c', text, 'w']],
        )
        assert.equal(await subject.holds({ type: 'last', prefix: ['c'], key: ['c', text] }), true)
        await subject.write(
          { type: 'delete', key: [text, text] },
          { type: 'deleteRange', prefix: ['c', text] },
        )
        const [left] = await subject.read({ type: 'range', prefix: [] })
        same(
          left.records.map(({ key }) => [...key]),
          [[text]],
        )
      })
    }

    suite.test('no two are the same partition', async () => {
      const keyspace = suite.keyspace()
      const partitions = hostileEntries.map(([, text]) => keyspace.partition(text))
      await Promise.all(
        partitions.map((partition, at) => partition.commit({ mutations: [put(['a'], String(at))] })),
      )
      for (const [at, partition] of partitions.entries()) {
        const [got] = await partition.read([{ type: 'get', key: ['a'] }])
        assert.equal(valueOf(got), String(at), `the partition of ${hostileEntries[at]?.[0]}`)
      }
    })

    suite.test('no two pairs are the same partition', async () => {
      const keyspace = suite.keyspace()
      const short = hostileEntries.filter(([, text]) => text.length <= 1).map(([, text]) => text)
      const pairs = short.slice(0, 16).flatMap((left) => short.slice(0, 16).map((right) => [left, right]))
      const partitions = pairs.map((pair) => keyspace.partition(...pair))
      await Promise.all(
        partitions.map((partition, at) => partition.commit({ mutations: [put(['a'], String(at))] })),
      )
      const found = await Promise.all(
        partitions.map((partition) => partition.read([{ type: 'get', key: ['a'] }])),
      )
      same(
        found.map(([got]) => valueOf(got)),
        pairs.map((_, at) => String(at)),
      )
    })

    suite.test('no two pairs are the same key', async () => {
      const subject = suite.fresh()
      const small = hostileEntries.filter(([, text]) => text.length < 100)
      const keys = [...small, ...small.map(([name, text]) => [name, `${text}a`] as const)].map(
        ([, text]) => text,
      )
      const pairs = new Map<string, Tuple>()
      for (const left of keys)
        for (const right of keys) pairs.set(JSON.stringify([left, right]), [left, right])
      for (const left of keys) pairs.set(JSON.stringify([left]), [left])
      const all = [...pairs.values()]
      for (let from = 0; from < all.length; from += 1000)
        await subject.write(...all.slice(from, from + 1000).map((key, at) => put(key, String(from + at))))
      const [count, range] = await subject.read({ type: 'count', prefix: [] }, { type: 'range', prefix: [] })
      assert.equal(count.count, all.length)
      for (const { key, bytes } of range.records) same(key, all[Number(Buffer.from(bytes).toString())])
    })

    suite.test('no two long names are the same key', async () => {
      const subject = suite.fresh()
      const long = hostileEntries.filter(([, text]) => text.length >= 100).map(([, text]) => text)
      const keys = long.flatMap((left) => [[left], ...long.map((right) => [left, right])])
      await subject.write(...keys.map((key, at) => put(key, String(at))))
      const results = await subject.read(...keys.map((key) => ({ type: 'get', key }) as const))
      same(
        results.map((result) => valueOf(result)),
        keys.map((_, at) => String(at)),
      )
    })
  })
}
