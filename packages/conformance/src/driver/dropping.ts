import assert from 'node:assert/strict'
import { expectApplied, expectRejected } from './expectations.js'
import { drop, everything, expire, object, put, remove, sweep } from './mutations.js'
import { keysOf } from './plain.js'
import type { Subject } from './subject.js'
import type { DriverSuite } from './suite.js'
import { same } from './same.js'

const HOUR_MS = 3_600_000

/** The mutation `drop`, and the tombstone that it may leave. */
export function dropping(suite: DriverSuite): void {
  suite.waitingSection('dropping within a commit', () => {
    suite.test('drops everything if the checks hold, and nothing if one fails', async () => {
      const subject = await filled(suite)
      const refused = await subject.commit({ checks: [{ type: 'absent', key: ['a'] }], mutations: [drop()] })
      expectRejected(refused, [0])
      assert.equal((await subject.info()).records, 2)
      const done = await subject.commit({ checks: [{ type: 'present', key: ['a'] }], mutations: [drop()] })
      expectApplied(done, false)
      same([done.epoch, done.dropped], [null, false])
      await subject.assertAbsent()
      assert.equal(await subject.driver.drop(subject.id), false)
    })

    suite.test('gives what the same batch writes after it to a new partition', async () => {
      const subject = await filled(suite)
      const epoch = await subject.epoch()
      await subject.write(expire(HOUR_MS))
      const result = await subject.commit({ mutations: [put(['old']), drop(HOUR_MS), put(['new'])] })
      expectApplied(result, true)
      assert.notEqual(result.epoch, epoch)
      assert.equal(result.dropped, false)
      same(keysOf((await subject.read(everything))[0]), ['new'])
      const { ttlMs, objects, dropped } = await subject.info()
      same([ttlMs, objects, dropped], [null, 0, false])
    })

    suite.test('leaves a tombstone that nobody sees but those who ask for it', async () => {
      const subject = await filled(suite)
      const done = await subject.commit({ mutations: [drop(HOUR_MS)] })
      expectApplied(done, false)
      same([done.epoch, done.dropped], [null, true])
      await assertBuried(subject)
      assert.equal(await subject.driver.drop(subject.id), false)
      await assertBuried(subject)
      if (subject.driver.capabilities.partitionListing)
        for await (const id of subject.driver.partitions(subject.id)) assert.fail(`lists ${id}`)
    })

    suite.test('leaves a tombstone where there was nothing', async () => {
      const subject = suite.fresh()
      const done = await subject.commit({ mutations: [drop(HOUR_MS)] })
      expectApplied(done, false)
      assert.equal(done.dropped, true)
      await assertBuried(subject)
    })

    suite.test('tells of the tombstone when a check fails', async () => {
      const subject = await filled(suite)
      const epoch = await subject.epoch()
      await subject.write(drop(HOUR_MS))
      const late = await subject.commit({
        checks: [{ type: 'epoch', epoch }, { type: 'undropped' }, { type: 'epoch', epoch: null }],
        mutations: [put(['late'])],
      })
      expectRejected(late, [0, 1])
      same([late.epoch, late.dropped], [null, true])
      await assertBuried(subject)
    })

    suite.test('is over with the next birth, and the partition lives for ever then', async () => {
      const subject = await filled(suite)
      const former = await subject.epoch()
      await subject.write(drop(suite.shortTtlMs))
      const born = await subject.commit({ mutations: [put(['b'])] })
      expectApplied(born, true)
      assert.notEqual(born.epoch, former)
      assert.equal(born.dropped, false)
      await suite.letExpire()
      const { records, ttlMs, dropped } = await subject.info()
      same([records, ttlMs, dropped], [1, null, false])
      await subject.write(remove(['b']))
      assert.equal((await subject.info()).dropped, false)
    })

    suite.test('outlives commits that leave nothing', async () => {
      const subject = suite.fresh()
      await subject.write(drop(HOUR_MS))
      const idle = [
        [],
        [remove(['a'])],
        [{ type: 'deleteRange', prefix: [] } as const],
        [sweep],
        [expire(1)],
        [put(['a']), remove(['a'])],
        [object('swept'), sweep],
        [drop()],
        [put(['a']), drop()],
      ]
      for (const mutations of idle) {
        const result = await subject.commit({ mutations })
        expectApplied(result, false)
        assert.equal(result.dropped, true)
        await assertBuried(subject)
      }
    })

    suite.test('is left by a batch that drops, writes and deletes', async () => {
      const subject = await filled(suite)
      const result = await subject.commit({ mutations: [drop(HOUR_MS), put(['b']), remove(['b'])] })
      expectApplied(result, false)
      await assertBuried(subject)
    })

    suite.test('expires by itself', async () => {
      const subject = await filled(suite)
      await subject.write(drop(suite.shortTtlMs))
      await suite.letExpire()
      await subject.assertAbsent()
      assert.equal(await subject.holds({ type: 'undropped' }), true)
      expectApplied(await subject.commit({ mutations: [put(['b'])] }), true)
    })

    suite.test('takes the time of the latest drop', async () => {
      const [longer, shorter] = [suite.fresh(), suite.fresh()]
      await longer.write(drop(suite.shortTtlMs))
      await longer.write(drop(HOUR_MS))
      await shorter.write(drop(HOUR_MS))
      await shorter.write(drop(suite.shortTtlMs))
      await suite.letExpire()
      await assertBuried(longer)
      await shorter.assertAbsent()
    })
  })
}

async function filled(suite: DriverSuite): Promise<Subject> {
  const subject = suite.fresh()
  const held = object('held')
  await subject.write(held, put(['a'], 'v', [held.id]), put(['a', 'b']))
  return subject
}

/** Every read agrees that there is no partition; only the tombstone tells. */
async function assertBuried(subject: Subject): Promise<void> {
  const held = object('held')
  const [info, records, count, names, groups, objects] = await subject.read(
    { type: 'info' },
    everything,
    { type: 'count', prefix: [] },
    { type: 'names', prefix: [] },
    { type: 'groups', prefix: [], orphans: true },
    { type: 'objects', ids: [held.id] },
  )
  same(info, { type: 'info', epoch: null, ttlMs: null, records: 0, objects: 0, dropped: true })
  same(
    [records.records.length, count.count, names.names.length, groups.groups.length, objects.objects.size],
    [0, 0, 0, 0, 0],
  )
  assert.equal(
    await subject.holds({ type: 'epoch', epoch: null }, { type: 'last', prefix: [], key: null }),
    true,
  )
  assert.equal(await subject.holds({ type: 'undropped' }), false)
}
