import assert from 'node:assert/strict'
import { encodePartitionId } from '@cairnkit/core/driver'
import { everything, expire, object, put, sweep } from './mutations.js'
import { keysOf, valueOf } from './plain.js'
import { Subject } from './subject.js'
import { type DriverSuite, freshId } from './suite.js'
import { same } from './same.js'

/** No call can name two partitions: so none may reach into another. */
export function onePartition(suite: DriverSuite): void {
  suite.section('rule 3: partitions know nothing of each other', () => {
    suite.test('keeps equal keys of two partitions apart', async () => {
      const [left, right] = [suite.fresh(), suite.fresh()]
      await left.write(put(['k'], 'left'))
      await right.write(put(['k'], 'right'))
      assert.equal(valueOf((await left.read({ type: 'get', key: ['k'] }))[0]), 'left')
      assert.equal(valueOf((await right.read({ type: 'get', key: ['k'] }))[0]), 'right')
    })

    suite.test('keeps objects apart: one that is elsewhere is missing here', async () => {
      const [left, right] = [suite.fresh(), suite.fresh()]
      const shared = object('shared')
      await left.write(shared)
      const [found] = await right.read({ type: 'objects', ids: [shared.id] })
      assert.equal(found.objects.size, 0)
    })

    suite.test('deletes, sweeps, expires and drops here only', async () => {
      const [left, right] = [suite.fresh(), suite.fresh()]
      for (const subject of [left, right]) await subject.write(put(['k']), object('held'))
      const epoch = await right.epoch()
      assert.notEqual(await left.epoch(), epoch)
      await left.write({ type: 'deleteRange', prefix: [] }, sweep, put(['k']), expire(3_600_000))
      await left.driver.drop(left.id)
      same(await right.info(), { type: 'info', epoch, ttlMs: null, records: 1, objects: 1, dropped: false })
    })

    suite.test('tells ids apart that begin alike', async () => {
      const id = freshId()
      const ids = [id, `${id}:`, `${id}:%`, `${id}:a`, `${id}:a:b`, `${id}:a:%`, `${id}0`]
      const subjects = ids.map((each) => new Subject(suite.driver, each))
      for (const subject of subjects) await subject.write(put(['id'], subject.id))
      for (const subject of subjects) {
        const [all] = await subject.read(everything)
        same(keysOf(all), ['id'])
        assert.equal(Buffer.from(all.records[0]?.bytes ?? []).toString(), subject.id)
      }
      await new Subject(suite.driver, id).driver.drop(id)
      for (const subject of subjects.slice(1)) assert.equal((await subject.info()).records, 1)
    })

    suite.test('takes ids of 30 KB that differ at the end', async () => {
      const long = '\u{1f600}'.repeat(2560)
      const root = freshId()
      const subjects = ['a', 'b', ''].map(
        (end) => new Subject(suite.driver, `${root}:${encodePartitionId([`${long}${end}`])}`),
      )
      for (const [at, subject] of subjects.entries()) await subject.write(put(['k'], String(at)))
      for (const [at, subject] of subjects.entries())
        assert.equal(valueOf((await subject.read({ type: 'get', key: ['k'] }))[0]), String(at))
    })
  })
}
