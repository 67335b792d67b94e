import assert from 'node:assert/strict'
import { expectApplied, expectRejected } from './expectations.js'
import { everything, expire, insert, object, put, remove, sweep } from './mutations.js'
import { keysOf, textsOf, valueOf } from './plain.js'
import type { Subject } from './subject.js'
import type { DriverSuite } from './suite.js'
import { same } from './same.js'

const HOUR_MS = 3_600_000

/** What has expired is invisible, and a partition expires as a whole. */
export function expiry(suite: DriverSuite): void {
  suite.waitingSection('rule 6: a partition expires as a whole', () => {
    suite.test('is invisible to every read once it has expired', async () => {
      const subject = suite.fresh()
      const held = object('held')
      await subject.write(put(['a'], 'v', [held.id]), put(['a', 'b']), held, expire(suite.shortTtlMs))
      await suite.letExpire()
      await subject.assertAbsent()
      const [get, groups, objects, followed] = await subject.read(
        { type: 'get', key: ['a'], follow: 'all' },
        { type: 'groups', prefix: [], orphans: true },
        { type: 'objects', ids: [held.id] },
        { type: 'objects', ids: [held.id], follow: 'all' },
      )
      same(
        [get.record, groups.groups.length, objects.objects.size, followed.objects.size],
        [undefined, 0, 0, 0],
      )
    })

    suite.test('is there until its time is up', async () => {
      const subject = suite.fresh()
      const held = object('held')
      const lifetime = suite.lifetime()
      await subject.write(put(['a'], 'v', [held.id]), held, expire(lifetime.ttlMs))
      while (lifetime.isOn) {
        const [seen] = await subject.read({ type: 'get', key: ['a'], follow: 'all' })
        if (lifetime.isOn) same([valueOf(seen), textsOf(seen.objects)], ['v', ['held']])
        await lifetime.goOn()
      }
      await suite.letExpire()
      await subject.assertAbsent()
    })

    suite.test('is invisible to every check once it has expired', async () => {
      const subject = suite.fresh()
      const epoch = await subject.write(put(['a']), expire(suite.shortTtlMs))
      await suite.letExpire()
      const result = await subject.commit({
        checks: [
          { type: 'epoch', epoch },
          { type: 'epoch', epoch: null },
          { type: 'absent', key: ['a'] },
          { type: 'present', key: ['a'] },
          { type: 'equals', key: ['a'], bytes: Buffer.from('v') },
          { type: 'last', prefix: [], key: null },
          { type: 'last', prefix: [], key: ['a'] },
        ],
      })
      expectRejected(result, [0, 3, 4, 6])
      assert.equal(result.epoch, null)
    })

    suite.test('is invisible to drop and to the listing once it has expired', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a']), expire(suite.shortTtlMs))
      await suite.letExpire()
      if (subject.driver.capabilities.partitionListing)
        for await (const id of subject.driver.partitions(subject.id)) assert.fail(`lists ${id}`)
      assert.equal(await subject.driver.drop(subject.id), false)
    })

    suite.test('is born anew by the next commit: another epoch, nothing old, no expiry', async () => {
      const subject = suite.fresh()
      const held = object('held')
      const old = await subject.write(put(['a']), put(['b']), held, expire(suite.shortTtlMs))
      await suite.letExpire()
      const reborn = await subject.commit({ mutations: [insert(['a'], 'new')] })
      expectApplied(reborn, true)
      assert.notEqual(reborn.epoch, old)
      same(await subject.info(), {
        type: 'info',
        epoch: reborn.epoch,
        ttlMs: null,
        records: 1,
        objects: 0,
        dropped: false,
      })
      await suite.letExpire()
      assert.equal((await subject.info()).records, 1, 'the old expiry is gone')
    })

    suite.test('rejects a late commit that relies on what has expired', async () => {
      const subject = suite.fresh()
      const held = object('held')
      const epoch = await subject.write(held, put(['a'], 'v', [held.id]), expire(suite.shortTtlMs))
      await suite.letExpire()
      const late = await subject.commit({
        checks: [{ type: 'epoch', epoch }],
        mutations: [put(['b'], 'v', [held.id])],
      })
      expectRejected(late, [0])
      await subject.assertAbsent()
    })

    suite.test('tells how long is left', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a']), expire(HOUR_MS))
      assertTtl(await ttlOf(subject), HOUR_MS)
      await suite.letPass(20)
      const later = await ttlOf(subject)
      assert.ok(later !== null && later <= HOUR_MS - 15, `${later} ms are left`)
    })

    suite.test('keeps the expiry through commits that do not speak of it', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a']), expire(HOUR_MS))
      await subject.write(put(['a'], 'again'), object('held'), remove(['b']), sweep)
      assertTtl(await ttlOf(subject), HOUR_MS)
      await subject.write({ type: 'deleteRange', prefix: [] }, put(['b']))
      assertTtl(await ttlOf(subject), HOUR_MS)
    })

    suite.test('expires on time although it was written to', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a']), expire(suite.shortTtlMs))
      await subject.write(put(['b']), object('held'))
      await suite.letExpire()
      await subject.assertAbsent()
    })

    suite.test('counts the time anew with each expire', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a']), expire(suite.shortTtlMs))
      await subject.write(expire(HOUR_MS))
      await suite.letExpire()
      assert.equal((await subject.info()).records, 1)
      await subject.write(expire(suite.shortTtlMs))
      await suite.letExpire()
      await subject.assertAbsent()
    })

    suite.test('lives for ever again with null', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a']), expire(suite.shortTtlMs))
      await subject.write(expire(null))
      assert.equal(await ttlOf(subject), null)
      await suite.letExpire()
      same(keysOf((await subject.read(everything))[0]), ['a'])
    })

    suite.test('means the partition as the batch leaves it, wherever it stands', async () => {
      const [before, after, between] = [suite.fresh(), suite.fresh(), suite.fresh()]
      await before.write(expire(HOUR_MS), put(['a']))
      await after.write(put(['a']), expire(HOUR_MS))
      await between.write(put(['a']))
      await between.write(expire(HOUR_MS), { type: 'deleteRange', prefix: [] }, put(['b']))
      for (const subject of [before, after, between]) assertTtl(await ttlOf(subject), HOUR_MS)
    })

    suite.test('means the last of several', async () => {
      const [ends, persists] = [suite.fresh(), suite.fresh()]
      await ends.write(expire(null), put(['a']), expire(1), expire(HOUR_MS))
      assertTtl(await ttlOf(ends), HOUR_MS)
      await persists.write(expire(HOUR_MS), put(['a']), expire(null))
      assert.equal(await ttlOf(persists), null)
    })

    suite.test('is not set by a commit whose check fails', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a']))
      const rejected = await subject.commit({
        checks: [{ type: 'absent', key: ['a'] }],
        mutations: [expire(HOUR_MS)],
      })
      expectRejected(rejected, [0])
      assert.equal(await ttlOf(subject), null)
    })

    suite.test('takes a time to live of many years', async () => {
      const subject = suite.fresh()
      const years = 100 * 365 * 24 * HOUR_MS
      await subject.write(put(['a']), expire(years))
      assertTtl(await ttlOf(subject), years)
    })

    suite.test(
      'ends with the partition: one that was emptied or dropped and born anew has none',
      async () => {
        const [emptied, dropped] = [suite.fresh(), suite.fresh()]
        for (const subject of [emptied, dropped]) await subject.write(put(['a']), expire(suite.shortTtlMs))
        await emptied.write(remove(['a']))
        await dropped.driver.drop(dropped.id)
        for (const subject of [emptied, dropped]) await subject.write(put(['b']))
        await suite.letExpire()
        for (const subject of [emptied, dropped]) assert.equal((await subject.info()).records, 1)
      },
    )
  })
}

async function ttlOf(subject: Subject): Promise<number | null> {
  return (await subject.info()).ttlMs
}

function assertTtl(ttlMs: number | null, set: number): void {
  assert.ok(ttlMs !== null && ttlMs <= set && ttlMs > set - 30_000, `${ttlMs} ms are left of ${set}`)
}
