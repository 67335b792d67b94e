import assert from 'node:assert/strict'
import { StorageError } from '@cairnkit/core'
import { everything, put } from './mutations.js'
import { Subject, faultOf } from './subject.js'
import { type DriverSuite, freshId } from './suite.js'
import { same } from './same.js'

/** `open`, `close`, and what comes before and after them. */
export function lifecycle(suite: DriverSuite): void {
  suite.section('opening and closing', () => {
    suite.test('opens by itself: reading first', async () => {
      const driver = await suite.createDriver()
      await new Subject(driver, freshId()).assertAbsent()
    })

    suite.test('opens by itself: writing first', async () => {
      const subject = suite.fresh(await suite.createDriver())
      await subject.write(put(['a']))
      assert.equal((await subject.info()).records, 1)
    })

    suite.test('opens by itself: dropping and listing first', async () => {
      assert.equal(await (await suite.createDriver()).drop(freshId()), false)
      const lister = await suite.createDriver()
      if (lister.capabilities.partitionListing)
        for await (const id of lister.partitions(freshId())) assert.fail(`lists ${id}`)
    })

    suite.test('opens once for many calls at once', async () => {
      const subject = suite.fresh(await suite.createDriver())
      await Promise.all([
        subject.driver.open(),
        subject.driver.open(),
        ...Array.from({ length: 20 }, (_, at) => subject.write(put([String(at)]))),
      ])
      assert.equal((await subject.info()).records, 20)
    })

    suite.test('opens again and again', async () => {
      const driver = await suite.createDriver()
      await driver.open()
      await driver.open()
      await new Subject(driver, freshId()).assertAbsent()
      await driver.open()
    })

    suite.test('closes again and again, opened or not', async () => {
      const [used, unused] = [await suite.createDriver(), await suite.createDriver()]
      await used.open()
      await Promise.all([used.close(), used.close(), unused.close()])
      await used.close()
      await unused.close()
    })

    suite.test('fails with code closed after close, whatever is called', async () => {
      const driver = await suite.createDriver()
      const { id } = suite.fresh(driver)
      await driver.open()
      await driver.close()
      const calls = [
        () => driver.open(),
        () => driver.read(id, [everything]),
        () => driver.commit(id, { mutations: [put(['a'])] }),
        () => driver.drop(id),
        () => drain(driver.partitions('')),
      ]
      for (const call of calls) {
        const { code, disposition } = await faultOf(driver, call())
        same([code, disposition], ['closed', 'permanent'])
      }
    })

    suite.test('fails with code closed after close, when it was never opened', async () => {
      const driver = await suite.createDriver()
      await driver.close()
      assert.equal((await faultOf(driver, driver.read(freshId(), [everything]))).code, 'closed')
    })

    suite.test('fails through a keyspace with an error that says so', async () => {
      const driver = await suite.createDriver()
      const partition = suite.keyspace(driver).partition('p')
      await driver.close()
      const error: unknown = await partition.read([everything]).catch((cause: unknown) => cause)
      assert.ok(StorageError.isInstance(error))
      same([error.code, error.disposition, error.attempts], ['closed', 'permanent', 1])
    })

    suite.test('settles the calls that are on their way when it closes', async () => {
      const subject = suite.fresh(await suite.createDriver())
      await subject.driver.open()
      const calls = Array.from({ length: 20 }, (_, at) => subject.write(put([String(at)])))
      const closing = subject.driver.close()
      const settled = await Promise.allSettled(calls)
      assert.equal(settled.length, 20)
      await closing
    })

    suite.test('is closed by await using', async () => {
      const driver = await suite.createDriver()
      await driver.open()
      await driver[Symbol.asyncDispose]()
      assert.equal((await faultOf(driver, driver.drop(freshId()))).code, 'closed')
    })

    suite.test('closes itself only: another driver goes on', async () => {
      const [first, second] = [await suite.createDriver(), await suite.createDriver()]
      const subject = suite.fresh(second)
      await Promise.all([first.open(), subject.write(put(['a']))])
      await first.close()
      await subject.write(put(['b']))
      assert.equal((await subject.info()).records, 2)
    })
  })
}

async function drain(ids: AsyncIterable<string>): Promise<void> {
  for await (const id of ids) assert.fail(`lists ${id}`)
}
