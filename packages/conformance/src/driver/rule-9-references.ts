import assert from 'node:assert/strict'
import { type Read, objectId } from '@cairnkit/core/driver'
import { everything, object, put, sweep } from './mutations.js'
import { textsOf, valueOf } from './plain.js'
import { faultOf } from './subject.js'
import type { StorageTamper } from './harness.js'
import type { DriverSuite } from './suite.js'
import { same } from './same.js'

/** A reference to a missing object is an error of code `corrupt` that names it. */
export function references(suite: DriverSuite): void {
  suite.section('rule 9: nothing is silently absent', () => {
    const missing = objectId(Buffer.from('never stored'))

    const readers: Readonly<Record<string, Read>> = {
      get: { type: 'get', key: ['a'], follow: 'all' },
      range: { type: 'range', prefix: [], follow: 'all' },
      groups: { type: 'groups', prefix: [], follow: 'all' },
      'groups without their own record': { type: 'groups', prefix: ['a'], orphans: true, follow: 'all' },
    }
    for (const [name, read] of Object.entries(readers)) {
      suite.test(`names the missing object that a record refers to: ${name}`, async () => {
        const subject = suite.fresh()
        await subject.write(put(['a'], 'v', [missing]), put(['a', 'b', 'c'], 'v', [missing]))
        const fault = await faultOf(subject.driver, subject.read(read))
        same([fault.code, fault.disposition], ['corrupt', 'permanent'])
        assert.ok(fault.message.includes(missing), fault.message)
      })

      suite.test(`names the missing object at the end of a chain: ${name}`, async () => {
        const subject = suite.fresh()
        const last = object('last', [missing])
        const first = object('first', [last.id])
        await subject.write(first, last, put(['a'], 'v', [first.id]), put(['a', 'b', 'c'], 'v', [first.id]))
        const fault = await faultOf(subject.driver, subject.read(read))
        assert.equal(fault.code, 'corrupt')
        assert.ok(fault.message.includes(missing), fault.message)
      })
    }

    suite.test('names the missing object that an object refers to', async () => {
      const subject = suite.fresh()
      const holder = object('holder', [missing])
      await subject.write(holder)
      const fault = await faultOf(
        subject.driver,
        subject.read({ type: 'objects', ids: [holder.id], follow: 'all' }),
      )
      assert.equal(fault.code, 'corrupt')
      assert.ok(fault.message.includes(missing), fault.message)
    })

    suite.test('returns the record and its references to those who do not follow', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a'], 'v', [missing]))
      const [got, all] = await subject.read({ type: 'get', key: ['a'] }, everything)
      assert.equal(valueOf(got), 'v')
      same([...(got.record?.refs ?? [])], [missing])
      same([all.records.length, all.objects.size], [1, 0])
    })

    suite.test('does not fail for a missing object of a record that was not returned', async () => {
      const subject = suite.fresh()
      const held = object('held')
      await subject.write(put(['a'], 'v', [missing]), put(['b'], 'v', [held.id]), held)
      const [get, range, groups] = await subject.read(
        { type: 'get', key: ['b'], follow: 'all' },
        { type: 'range', prefix: [], reverse: true, limit: 1, follow: 'all' },
        { type: 'groups', prefix: [], from: 'b', follow: 'all' },
      )
      for (const result of [get, range, groups]) same(textsOf(result.objects), ['held'])
    })

    suite.test('leaves out an object that is asked for and not there', async () => {
      const subject = suite.fresh()
      const held = object('held')
      await subject.write(held)
      const [plainly, followed] = await subject.read(
        { type: 'objects', ids: [missing, held.id] },
        { type: 'objects', ids: [held.id, missing], follow: 'all' },
      )
      same([...plainly.objects.keys()], [held.id])
      same([...followed.objects.keys()], [held.id])
    })

    suite.test('heals when the object is stored', async () => {
      const subject = suite.fresh()
      const late = object('late')
      await subject.write(put(['a'], 'v', [late.id]))
      await subject.write(late, sweep)
      const [got] = await subject.read({ type: 'get', key: ['a'], follow: 'all' })
      same(textsOf(got.objects), ['late'])
    })

    suite.test('notices an object that was deleted by hand', async () => {
      const deleteObject = door(suite, 'deleteObject')
      const subject = suite.fresh()
      const held = object('held')
      await subject.write(put(['a'], 'v', [held.id]), put(['b'], 'intact'), held)
      await deleteObject(subject.driver, subject.id, held.id)
      const fault = await faultOf(subject.driver, subject.read({ type: 'get', key: ['a'], follow: 'all' }))
      assert.equal(fault.code, 'corrupt')
      assert.ok(fault.message.includes(held.id), fault.message)
      assert.equal(valueOf((await subject.read({ type: 'get', key: ['b'], follow: 'all' }))[0]), 'intact')
    })

    suite.test('notices an object that was damaged by hand', async () => {
      const damageObject = door(suite, 'damageObject')
      const subject = suite.fresh()
      const held = object('held')
      await subject.write(put(['a'], 'v', [held.id]), held)
      await damageObject(subject.driver, subject.id, held.id)
      for (const read of [
        { type: 'get', key: ['a'], follow: 'all' },
        { type: 'objects', ids: [held.id] },
      ] as const) {
        const fault = await faultOf(subject.driver, subject.read(read))
        same([fault.code, fault.disposition], ['corrupt', 'permanent'])
      }
    })

    suite.test('notices a record that was damaged by hand', async () => {
      const damageRecord = door(suite, 'damageRecord')
      const subject = suite.fresh()
      await subject.write(put(['a'], 'value'), put(['b'], 'intact'))
      await damageRecord(subject.driver, subject.id, ['a'])
      for (const read of [{ type: 'get', key: ['a'] }, everything] as const) {
        const fault = await faultOf(subject.driver, subject.read(read))
        same([fault.code, fault.disposition], ['corrupt', 'permanent'])
      }
      assert.equal(valueOf((await subject.read({ type: 'get', key: ['b'] }))[0]), 'intact')
    })

    suite.test('can replace and delete what is damaged', async () => {
      const damageRecord = door(suite, 'damageRecord')
      const subject = suite.fresh()
      await subject.write(put(['a'], 'value'), put(['b'], 'value'))
      for (const key of [['a'], ['b']]) await damageRecord(subject.driver, subject.id, key)
      await subject.write(put(['a'], 'new'), { type: 'delete', key: ['b'] })
      const [a, b] = await subject.read({ type: 'get', key: ['a'] }, { type: 'get', key: ['b'] })
      same([valueOf(a), valueOf(b)], ['new', undefined])
      await damageRecord(subject.driver, subject.id, ['a'])
      assert.equal(await subject.driver.drop(subject.id), true)
      await subject.assertAbsent()
    })

    suite.test('asks for an upgrade when the data is newer than the code', async () => {
      const ageRecord = door(suite, 'ageRecord')
      const subject = suite.fresh()
      await subject.write(put(['a'], 'value'))
      await ageRecord(subject.driver, subject.id, ['a'])
      const fault = await faultOf(subject.driver, subject.read({ type: 'get', key: ['a'] }))
      same([fault.code, fault.disposition], ['format', 'permanent'])
    })

    suite.test('touches nothing that it did not write', async () => {
      const occupyPartition = door(suite, 'occupyPartition')
      const subject = suite.fresh()
      await occupyPartition(subject.driver, subject.id)
      for (const call of [
        () => subject.read({ type: 'get', key: ['a'] }),
        () => subject.commit({ mutations: [put(['a'])] }),
      ])
        assert.equal((await faultOf(subject.driver, call())).code, 'foreign')
    })
  })
}

function door<Name extends keyof StorageTamper>(
  suite: DriverSuite,
  name: Name,
): Exclude<StorageTamper[Name], undefined> {
  const found = suite.harness.tamper?.[name]
  return (found ?? suite.skip(`the harness has no way to ${name}`)) as Exclude<StorageTamper[Name], undefined>
}
