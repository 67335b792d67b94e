import assert from 'node:assert/strict'
import { expectApplied, expectRejected } from './expectations.js'
import { expire, insert, object, put, remove, sweep } from './mutations.js'
import type { DriverSuite } from './suite.js'
import { same } from './same.js'

/** A partition exists while it holds a record or an object. A commit that writes nothing creates nothing. */
export function existence(suite: DriverSuite): void {
  suite.section('rule 7: a partition is there while it holds something', () => {
    suite.test('creates nothing by reading, checking or dropping', async () => {
      const subject = suite.fresh()
      await subject.read({ type: 'get', key: ['a'] }, { type: 'info' })
      await subject.holds({ type: 'absent', key: ['a'] }, { type: 'epoch', epoch: null })
      await subject.holds({ type: 'present', key: ['a'] })
      assert.equal(await subject.driver.drop(subject.id), false)
      await subject.assertAbsent()
      if (subject.driver.capabilities.partitionListing)
        for await (const id of subject.driver.partitions(subject.id)) assert.fail(`lists ${id}`)
    })

    suite.test('creates nothing by a commit that leaves nothing', async () => {
      const batches = [
        [],
        [remove(['a'])],
        [{ type: 'deleteRange', prefix: [] } as const],
        [sweep],
        [expire(60_000)],
        [expire(null)],
        [expire(60_000), remove(['a']), sweep],
        [put(['a']), remove(['a'])],
        [insert(['a']), { type: 'deleteRange', prefix: ['a'] } as const, expire(60_000)],
        [object('swept'), sweep],
      ]
      for (const mutations of batches) {
        const subject = suite.fresh()
        const result = await subject.commit({ mutations })
        expectApplied(result, false)
        assert.equal(result.epoch, null)
        await subject.assertAbsent()
      }
    })

    suite.test('is created by a record, an inserted record, an object', async () => {
      for (const mutation of [put(['a']), insert(['a']), object('alone')]) {
        const subject = suite.fresh()
        const result = await subject.commit({ mutations: [mutation] })
        expectApplied(result, true)
        assert.equal(result.epoch, await subject.epoch())
        expectApplied(await subject.commit({ mutations: [mutation] }), false)
      }
    })

    suite.test('counts records and objects', async () => {
      const subject = suite.fresh()
      const [a, b] = [object('a'), object('b')]
      await subject.write(put(['1']), put(['2']), put(['2'], 'again'), a, b, a)
      const { records, objects } = await subject.info()
      same([records, objects], [2, 2])
    })

    suite.test('is gone when the last record is deleted', async () => {
      for (const mutation of [remove(['a']), { type: 'deleteRange', prefix: [] } as const]) {
        const subject = suite.fresh()
        await subject.write(put(['a']))
        const emptied = await subject.commit({ mutations: [mutation] })
        expectApplied(emptied, false)
        assert.equal(emptied.epoch, null)
        await subject.assertAbsent()
        assert.equal(await subject.driver.drop(subject.id), false)
      }
    })

    suite.test('is gone when the last object is swept', async () => {
      const subject = suite.fresh()
      const held = object('held')
      await subject.write(put(['a'], 'v', [held.id]), held)
      await subject.write(remove(['a']))
      assert.equal((await subject.info()).objects, 1, 'objects alone keep it')
      const swept = await subject.commit({ mutations: [sweep] })
      expectApplied(swept, false)
      assert.equal(swept.epoch, null)
      await subject.assertAbsent()
    })

    suite.test('keeps its epoch as long as it lives', async () => {
      const subject = suite.fresh()
      const epoch = await subject.write(put(['a']))
      await subject.write(put(['a'], 'again'), object('held'), expire(3_600_000))
      await subject.write(remove(['a']))
      await subject.write(put(['b']), { type: 'deleteRange', prefix: [] })
      await subject.write(put(['b']), expire(null))
      assert.equal(await subject.epoch(), epoch)
    })

    suite.test('keeps its epoch when one batch empties and refills it', async () => {
      const subject = suite.fresh()
      const epoch = await subject.write(put(['a']))
      const result = await subject.commit({
        checks: [{ type: 'epoch', epoch }],
        mutations: [{ type: 'deleteRange', prefix: [] }, put(['b'])],
      })
      expectApplied(result, false)
      assert.equal(result.epoch, epoch)
    })

    suite.test('never has the same epoch twice', async () => {
      const subject = suite.fresh()
      const epochs = new Set<string | null>()
      for (let life = 0; life < 5; life++) {
        epochs.add(await subject.write(put(['a'])))
        await subject.driver.drop(subject.id)
        epochs.add(await subject.write(put(['a'])))
        await subject.write(remove(['a']))
      }
      assert.equal(epochs.size, 10)
    })

    suite.test('drops everything, and says whether there was anything', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a']), object('held'), expire(3_600_000))
      assert.equal(await subject.driver.drop(subject.id), true)
      await subject.assertAbsent()
      assert.equal(await subject.driver.drop(subject.id), false)
    })

    suite.test('rejects a late commit after a drop by its epoch', async () => {
      const subject = suite.fresh()
      const held = object('held')
      const epoch = await subject.write(put(['a'], 'v', [held.id]), held)
      await subject.driver.drop(subject.id)
      const late = { checks: [{ type: 'epoch', epoch }], mutations: [put(['b'], 'v', [held.id])] } as const
      expectRejected(await subject.commit(late), [0])
      await subject.assertAbsent()
      await subject.write(put(['c']))
      expectRejected(await subject.commit(late), [0])
      assert.equal((await subject.info()).records, 1)
    })

    suite.test('rejects a late commit after it was emptied by its epoch', async () => {
      const subject = suite.fresh()
      const epoch = await subject.write(put(['a']))
      await subject.write(remove(['a']))
      expectRejected(
        await subject.commit({ checks: [{ type: 'epoch', epoch }], mutations: [put(['b'])] }),
        [0],
      )
      await subject.assertAbsent()
    })
  })
}
