import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { StorageError, storageErrorCodes } from '@cairnkit/core'
import { everything, insert, put } from './mutations.js'
import { valueOf } from './plain.js'
import { Subject, faultOf } from './subject.js'
import type { DriverSuite } from './suite.js'
import { same } from './same.js'

const dispositions = ['transient', 'ambiguous', 'permanent']

/** Resolved means applied once. An error classified `transient` means surely not applied, `ambiguous` unknown. */
export function outcomes(suite: DriverSuite): void {
  suite.section('rule 8: what a call says is what happened', () => {
    suite.test('shows what was committed to the next read', async () => {
      const subject = suite.fresh()
      for (let round = 0; round < 20; round++) {
        await subject.write(put(['a'], String(round)))
        assert.equal(valueOf((await subject.read({ type: 'get', key: ['a'] }))[0]), String(round))
      }
    })

    suite.test('shows what was committed to another driver over the same data', async () => {
      const subject = suite.fresh()
      const other = new Subject(await suite.secondDriver(), subject.id)
      for (let round = 0; round < 20; round++) {
        const [writer, reader] = round % 2 === 0 ? [subject, other] : [other, subject]
        await writer.write(put(['a'], String(round)))
        assert.equal(valueOf((await reader.read({ type: 'get', key: ['a'] }))[0]), String(round))
      }
      assert.equal(await other.driver.drop(subject.id), true)
      await subject.assertAbsent()
    })

    suite.test('classifies whatever it is given', () => {
      const hostile = [
        undefined,
        null,
        0,
        '',
        'a message',
        Symbol('cause'),
        {},
        [],
        Object.create(null),
        new Error('unknown'),
        new TypeError('unknown'),
        new AggregateError([new Error('inner')]),
        Object.assign(new Error('odd code'), { code: 42 }),
        Object.assign(new Error('odd name'), { name: undefined }),
      ]
      for (const cause of hostile)
        same(
          { ...suite.driver.classify(cause) },
          { code: 'unknown', disposition: 'ambiguous' },
          `the classification of ${String(typeof cause)}`,
        )
      return Promise.resolve()
    })

    suite.test('classifies its own failures by the closed lists', async () => {
      const driver = await suite.createDriver()
      await driver.close()
      const fault = await faultOf(driver, driver.read(suite.fresh().id, [everything]))
      assert.ok(storageErrorCodes.includes(fault.code))
      assert.ok(dispositions.includes(fault.disposition))
    })

    suite.test('has frozen capabilities that make sense', () => {
      const { capabilities } = suite.driver
      assert.ok(Object.isFrozen(capabilities) && Object.isFrozen(capabilities.limits))
      assert.ok(['process', 'machine', 'network'].includes(capabilities.sharing))
      assert.ok(['none', 'disk', 'server'].includes(capabilities.durability))
      assert.equal(typeof capabilities.partitionListing, 'boolean')
      const { maxKeyBytes, maxValueBytes, maxBatchBytes } = capabilities.limits
      for (const limit of [maxKeyBytes, maxValueBytes, maxBatchBytes])
        assert.ok(Number.isSafeInteger(limit) && limit > 0)
      assert.ok(maxKeyBytes >= 65_536, 'a key of three elements of 10 KB fits')
      assert.ok(maxValueBytes >= 1_048_576, 'a value of 1 MiB fits')
      assert.ok(maxBatchBytes >= maxValueBytes, 'the largest value fits into a batch')
      assert.ok(suite.driver.name.length > 0)
      return Promise.resolve()
    })

    suite.test('makes no call whose signal has fired', async () => {
      const subject = suite.fresh()
      const { driver, id } = subject
      await subject.write(put(['a'], 'before'))
      const signal = AbortSignal.abort(new Error('the reason'))
      const batch = { mutations: [put(['a'], 'after')] }
      const calls = [
        () => driver.open({ signal }),
        () => driver.read(id, [everything], { signal }),
        () => driver.commit(id, batch, { signal }),
        () => driver.drop(id, { signal }),
        () => collect(driver.partitions(id, { signal })),
      ]
      for (const call of calls) {
        const fault = await faultOf(driver, call())
        assert.equal(fault.code, 'aborted')
        assert.notEqual(fault.disposition, 'transient')
        if (fault.disposition === 'permanent')
          assert.equal(valueOf((await subject.read({ type: 'get', key: ['a'] }))[0]), 'before')
      }
    })

    suite.test('settles when the signal fires on the way, and tells the truth', async () => {
      for (let round = 0; round < 20; round++) {
        const subject = suite.fresh()
        const controller = new AbortController()
        const call = subject.commit({ mutations: [put(['a']), put(['b'])] }, { signal: controller.signal })
        if (round % 2 === 0) controller.abort()
        else setImmediate(() => controller.abort())
        const outcome = await call.then(
          () => 'applied',
          async () => (await faultOf(subject.driver, call)).disposition,
        )
        // What was sent may arrive late.
        if (outcome !== 'applied') await new Promise((resolve) => setTimeout(resolve, 20))
        const { records } = await subject.info()
        if (outcome === 'applied') assert.equal(records, 2)
        else if (outcome === 'ambiguous') assert.ok(records === 0 || records === 2, `${records} records`)
        else assert.equal(records, 0)
      }
    })

    suite.test('ignores a signal that never fires, and leaves no listener on it', async () => {
      const subject = suite.fresh()
      const { signal } = new AbortController()
      await subject.driver.open({ signal })
      await subject.commit({ mutations: [put(['a'])] }, { signal })
      await subject.readWith({ signal }, everything)
      await subject.driver.drop(subject.id, { signal })
      await collect(subject.driver.partitions(subject.id, { signal }))
      assert.equal(getEventListeners(signal, 'abort').length, 0)
    })

    suite.test('is wrapped once by a keyspace, with the driver and the partition', async () => {
      const partition = suite.keyspace().partition('p')
      const missing = '0'.repeat(32)
      await partition.commit({ mutations: [put(['a'], 'v', [missing])] })
      const error = await partition.read([{ type: 'get', key: ['a'], follow: 'all' }]).then(
        () => assert.fail('was to fail'),
        (cause: unknown) => cause,
      )
      assert.ok(StorageError.isInstance(error))
      same(
        [error.code, error.disposition, error.driver, error.operation, error.partition],
        ['corrupt', 'permanent', suite.driver.name, 'read', partition.id],
      )
    })

    suite.test('refuses what is not of the contract, before anything is sent', async () => {
      const keyspace = suite.keyspace()
      const partition = keyspace.partition('p')
      const wrong: unknown[] = [
        put(['a', 1 as never]),
        put([]),
        put('a' as never),
        { ...put(['a']), bytes: 'text' },
        put(['a'], 'v', ['not an id']),
        { ...put(['a']), type: 'push' },
        { type: 'expire', ttlMs: 0 },
        { type: 'expire', ttlMs: 1.5 },
        { type: 'deleteRange', prefix: [null] },
      ]
      for (const mutation of wrong)
        await assert.rejects(
          partition.commit({ mutations: [insert(['ok']), mutation as never] }),
          TypeError,
          JSON.stringify(mutation),
        )
      for (const read of [
        { type: 'get', key: [] },
        { type: 'range', prefix: [], limit: -1 },
        { type: 'all' },
      ])
        await assert.rejects(partition.read([read as never]), TypeError, JSON.stringify(read))
      assert.throws(() => keyspace.partition(undefined as never), TypeError)
      await new Subject(suite.driver, partition.id).assertAbsent()
    })
  })
}

async function collect(ids: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = []
  for await (const id of ids) found.push(id)
  return found
}
