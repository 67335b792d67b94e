import assert from 'node:assert/strict'
import { expire, put } from './mutations.js'
import type { Subject } from './subject.js'
import type { DriverSuite } from './suite.js'

const HOUR_MS = 3_600_000

/** How exactly a storage counts, at worst. */
const TOLERANCE_MS = 5

/** The time of the storage. */
export function time(suite: DriverSuite): void {
  suite.waitingSection('time', () => {
    suite.test('is a whole number of milliseconds that grows', async () => {
      const subject = suite.fresh()
      const before = await nowOf(subject)
      await suite.letPass(40)
      const after = await nowOf(subject)
      assert.ok(Number.isSafeInteger(before) && Number.isSafeInteger(after))
      const passed = after - before
      assert.ok(passed >= 40 - TOLERANCE_MS && passed < 30_000, `${passed} ms have passed`)
    })

    suite.test('is the one by which partitions expire', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a']), expire(HOUR_MS))
      const before = await endOf(subject)
      await suite.letPass(40)
      const after = await endOf(subject)
      assert.ok(Math.abs(after - before) <= TOLERANCE_MS, `it expires ${after - before} ms later now`)
    })

    suite.test('is told where nothing is, and beside other answers', async () => {
      const subject = suite.fresh()
      const [count, one, info, two] = await subject.read(
        { type: 'count', prefix: [] },
        { type: 'time' },
        { type: 'info' },
        { type: 'time' },
      )
      assert.deepEqual([count.count, info.epoch], [0, null])
      assert.ok(two.nowMs - one.nowMs >= 0 && two.nowMs - one.nowMs < 1000, 'it is one instant')
      await subject.assertAbsent()
    })
  })
}

async function nowOf(subject: Subject): Promise<number> {
  const [{ nowMs }] = await subject.read({ type: 'time' })
  return nowMs
}

async function endOf(subject: Subject): Promise<number> {
  const [{ nowMs }, { ttlMs }] = await subject.read({ type: 'time' }, { type: 'info' })
  assert.ok(ttlMs !== null)
  return nowMs + ttlMs
}
