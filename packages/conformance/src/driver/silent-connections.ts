import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { CallOptions } from '@cairnkit/core/driver'
import { untilItWorks } from '../faults/journal.js'
import { cutOff, noFaults, once, refuseAll } from '../faults/plan.js'
import { everything, put } from './mutations.js'
import { openJournal } from './open-journal.js'
import { faultOf } from './subject.js'
import { type DriverSuite, freshId } from './suite.js'

/** What the driver is told to wait for at most. */
const TIMEOUT_MS = 1000
/** What one call is told. */
const DEADLINE_MS = 200
/** A busy machine is late, a driver without a deadline never comes. */
const GRACE_MS = 2000

/** Answers that are late or never come: every call ends in time, and what was said of it stays true. */
export function silentConnections(suite: DriverSuite): void {
  suite.waitingSection('rule 8 over connections that fall silent', () => {
    for (const of of ['request', 'reply'] as const) {
      suite.test(`waits for a ${of} that is late, and in time`, async () => {
        await using subject = await suite.throughProxy(TIMEOUT_MS)
        const journal = await openJournal(subject.driver)
        subject.proxy.plan = once({ type: 'delay', of, ms: 100 })
        const startedAt = performance.now()
        assert.equal(await journal.append(), 'applied')
        assert.ok(performance.now() - startedAt >= 90, 'it was late')
        await journal.settle()
      })

      suite.test(`gives up on a ${of} that is later than the call may take, and does not know`, async () => {
        await using subject = await suite.throughProxy(TIMEOUT_MS)
        const journal = await openJournal(subject.driver)
        subject.proxy.plan = once({ type: 'delay', of, ms: 3 * DEADLINE_MS })
        const tookMs = await timed(() => journal.append({ timeoutMs: DEADLINE_MS }))
        assert.ok(tookMs < DEADLINE_MS + GRACE_MS, `it took ${tookMs} ms`)
        assert.deepEqual(
          [journal.lastFailure?.code, journal.lastFailure?.disposition],
          ['timeout', 'ambiguous'],
        )
        await delay(4 * DEADLINE_MS)
        await journal.settle()
        assert.equal(await journal.append(), 'applied')
      })
    }

    suite.test('gives up when its signal fires while nothing answers, and does not know', async () => {
      await using subject = await suite.throughProxy(TIMEOUT_MS)
      const journal = await openJournal(subject.driver)
      subject.proxy.plan = once({ type: 'delay', of: 'reply', ms: 3 * DEADLINE_MS })
      const controller = new AbortController()
      const append = journal.append({ signal: controller.signal })
      await delay(50)
      controller.abort()
      assert.ok((await timed(() => append)) < GRACE_MS)
      assert.deepEqual(
        [journal.lastFailure?.code, journal.lastFailure?.disposition],
        ['aborted', 'ambiguous'],
      )
      await journal.settle()
    })

    for (const name of ['read', 'commit', 'drop'] as const) {
      suite.test(
        `ends a ${name} in time when nothing is answered, and goes on when it is again`,
        async () => {
          await using subject = await suite.throughProxy(TIMEOUT_MS)
          const { driver } = subject
          const journal = await openJournal(driver)
          const call = (options: CallOptions): Promise<unknown> => {
            switch (name) {
              case 'read':
                return driver.read(journal.id, [everything], options)
              case 'commit':
                return driver.commit(journal.id, { mutations: [put(['a'])] }, options)
              case 'drop':
                return driver.drop(freshId(), options)
            }
          }
          // Without a limit of its own a call has the driver's.
          for (const options of [{ timeoutMs: DEADLINE_MS }, {}]) {
            subject.proxy.plan = cutOff
            const limitMs = options.timeoutMs ?? TIMEOUT_MS
            const tookMs = await timed(async () => {
              const { code } = await faultOf(driver, call(options))
              assert.ok(code === 'timeout' || code === 'unavailable', `it failed with ${code}`)
            })
            assert.ok(tookMs < limitMs + GRACE_MS, `it took ${tookMs} ms of ${limitMs}`)
            subject.proxy.plan = noFaults
            await journal.settle()
          }
        },
      )
    }

    suite.test('leaves connections that fell silent, though it is asked without a pause', async () => {
      await using subject = await suite.throughProxy(TIMEOUT_MS)
      const { driver } = subject
      const { id } = await openJournal(driver)
      let answers = 0
      let isOver = false
      const ask = async (pauseMs: number): Promise<void> => {
        while (!isOver) {
          const read = driver.read(id, [everything], { timeoutMs: DEADLINE_MS })
          answers += await read.then(
            () => 1,
            () => 0,
          )
          await delay(pauseMs)
        }
      }
      const load = Promise.all([ask(20), ask(50)])
      try {
        await untilItWorks(async () => assert.ok(answers > 0))
        subject.proxy.plan = cutOff
        // Writing to a connection is no sign of its life: a limit that each write starts anew never ends it.
        await delay(TIMEOUT_MS / 2)
        subject.proxy.plan = noFaults
        const before = answers
        await untilItWorks(async () => assert.ok(answers > before, 'it does not work again'))
      } finally {
        isOver = true
        await load
      }
    })

    suite.test(
      'ends its first calls in time when nothing answers, and works when it is answered',
      async () => {
        await using subject = await suite.throughProxy(TIMEOUT_MS)
        const { driver } = subject
        subject.proxy.plan = cutOff
        const openMs = await timed(() => Promise.allSettled([driver.open()]))
        assert.ok(openMs < TIMEOUT_MS + GRACE_MS, `open took ${openMs} ms`)
        const commitMs = await timed(async () => {
          const commit = driver.commit(freshId(), { mutations: [put(['a'])] }, { timeoutMs: DEADLINE_MS })
          const { code } = await faultOf(driver, commit)
          assert.ok(code === 'timeout' || code === 'unavailable', `commit failed with ${code}`)
        })
        assert.ok(commitMs < DEADLINE_MS + GRACE_MS, `commit took ${commitMs} ms`)
        subject.proxy.plan = noFaults
        await untilItWorks(async () => await driver.open())
        await openJournal(driver)
      },
    )

    for (const [name, plan] of [
      ['refused', refuseAll],
      ['not answered', cutOff],
    ] as const) {
      suite.test(
        `applies nothing late that it said was not applied while connections were ${name}`,
        async () => {
          await using subject = await suite.throughProxy(TIMEOUT_MS)
          const journal = await openJournal(subject.driver)
          subject.proxy.plan = plan
          subject.proxy.cutAll('reset')
          const claims = await Promise.all(
            Array.from({ length: 10 }, async (_, at) => {
              await delay(at * 30)
              return await journal.note(`during/${at}`, { timeoutMs: DEADLINE_MS })
            }),
          )
          assert.ok(!claims.includes('applied'), 'nothing can have been applied')
          subject.proxy.plan = noFaults
          await journal.settle()
          // What waits in a queue has its chance now.
          await journal.note('after')
          await delay(300)
          await journal.settle()
        },
      )
    }
  })
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}
