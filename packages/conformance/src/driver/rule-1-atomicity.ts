import assert from 'node:assert/strict'
import { assertSame, keysOf, valueOf } from './plain.js'
import { everything, expire, insert, object, put, remove, sweep } from './mutations.js'
import { expectRejected } from './expectations.js'
import type { DriverSuite } from './suite.js'
import { same } from './same.js'

/** Checks are judged and mutations applied at one instant, in order; or nothing is applied. */
export function atomicity(suite: DriverSuite): void {
  suite.section('rule 1: a batch is applied as a whole or not at all', () => {
    suite.test('applies nothing when a check fails', async () => {
      const subject = suite.fresh()
      await subject.write(put(['kept'], 'before'), object('held'), expire(3_600_000))
      const before = await subject.read(everything, { type: 'info' })

      const result = await subject.commit({
        checks: [{ type: 'absent', key: ['kept'] }],
        mutations: [
          put(['kept'], 'after'),
          put(['new']),
          insert(['newer']),
          object('another'),
          remove(['kept']),
          { type: 'deleteRange', prefix: [] },
          sweep,
          expire(null),
        ],
      })

      expectRejected(result, [0])
      const [records, info] = await subject.read(everything, { type: 'info' })
      assertSame(records, before[0])
      assert.equal(info.epoch, before[1].epoch)
      assert.equal(info.objects, 1)
      assert.ok(info.ttlMs !== null && info.ttlMs > 0, 'the expiry is as it was')
    })

    suite.test('applies nothing when only the last of many checks fails', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a']))
      const result = await subject.commit({
        checks: [
          { type: 'present', key: ['a'] },
          { type: 'absent', key: ['b'] },
          { type: 'present', key: ['b'] },
        ],
        mutations: [put(['b']), put(['c'])],
      })
      expectRejected(result, [2])
      same(keysOf((await subject.read(everything))[0]), ['a'])
    })

    suite.test('names every check that failed, in ascending order', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a']))
      const result = await subject.commit({
        checks: [
          { type: 'absent', key: ['a'] },
          { type: 'present', key: ['a'] },
          { type: 'epoch', epoch: null },
          { type: 'last', prefix: [], key: ['a'] },
          { type: 'equals', key: ['a'], bytes: Buffer.from('other') },
          { type: 'present', key: ['b'] },
        ],
      })
      expectRejected(result, [0, 2, 4, 5])
    })

    suite.test('judges all checks before the first mutation', async () => {
      const subject = suite.fresh()
      const first = await subject.commit({
        checks: [{ type: 'absent', key: ['a'] }],
        mutations: [put(['a'])],
      })
      assert.equal(first.ok, true)
      const second = await subject.commit({
        checks: [{ type: 'present', key: ['b'] }],
        mutations: [put(['b'])],
      })
      expectRejected(second, [0])
    })

    suite.test('applies mutations in order: the later one sees the earlier', async () => {
      const subject = suite.fresh()
      await subject.write(
        put(['twice'], '1'),
        put(['twice'], '2'),
        insert(['first'], '1'),
        insert(['first'], '2'),
        put(['gone']),
        remove(['gone']),
        remove(['back']),
        put(['back'], 'yes'),
        insert(['replaced'], '1'),
        remove(['replaced']),
        insert(['replaced'], '2'),
      )
      const [twice, first, gone, back, replaced] = await subject.read(
        { type: 'get', key: ['twice'] },
        { type: 'get', key: ['first'] },
        { type: 'get', key: ['gone'] },
        { type: 'get', key: ['back'] },
        { type: 'get', key: ['replaced'] },
      )
      same([twice, first, gone, back, replaced].map(valueOf), ['2', '1', undefined, 'yes', '2'])
    })

    suite.test('lets a sweep see what stands before it and spare what stands after it', async () => {
      const subject = suite.fresh()
      const [early, late, held] = [object('early'), object('late'), object('held')]
      await subject.write(put(['r'], 'v', [held.id]), held, early, sweep, late)
      const [found] = await subject.read({ type: 'objects', ids: [early.id, late.id, held.id] })
      same([...found.objects.keys()].sort(), [late.id, held.id].sort())
    })

    suite.test('takes 1,000 mutations in one batch', async () => {
      const subject = suite.fresh()
      const many = Array.from({ length: 1000 }, (_, at) => put([String(at).padStart(4, '0')], `v${at}`))
      await subject.write(...many)
      const [all, count] = await subject.read(everything, { type: 'count', prefix: [] })
      assert.equal(count.count, 1000)
      assert.equal(Buffer.from(all.records[999]?.bytes ?? []).toString(), 'v999')
    })

    suite.test('says the epoch in every result', async () => {
      const subject = suite.fresh()
      const born = await subject.write(put(['a']))
      assert.match(born ?? '', /^[0-9a-f]{32}$/)
      assert.equal(await subject.write(put(['b'])), born)
      const rejected = await subject.commit({ checks: [{ type: 'absent', key: ['a'] }] })
      assert.equal(rejected.epoch, born)
      assert.equal((await subject.commit({})).epoch, born)
      assert.equal(await subject.epoch(), born)
    })
  })
}
