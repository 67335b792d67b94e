import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { CallOptions } from '@cairnkit/core/driver'
import { untilItWorks } from '../faults/journal.js'
import { cutOff, holdNext, noFaults, refuseAll } from '../faults/plan.js'
import { everything, put } from './mutations.js'
import { appendAgain, openJournal } from './open-journal.js'
import { faultOf } from './subject.js'
import { type DriverSuite, freshId } from './suite.js'

/** What one call is told to wait for at most. */
const DEADLINE_MS = 200
/** What a driver is told at least that has to notice by itself that nothing answers. */
const LEAST_TIMEOUT_MS = 1000
/** What it is told at most, however slow the machine is. */
const MOST_TIMEOUT_MS = 10_000
/** How much longer than one connection takes here: others are made at the same time. */
const TIMES_A_CONNECTION = 10
/** What a driver is told that must not give up by itself: more than any call of these tests takes on a busy machine. */
const PATIENCE_MS = 50_000
/**
 * A call that has not ended by then does not end by its own limit, but by {@link PATIENCE_MS} or never. So far from both
 * that no machine is too busy to tell them apart.
 */
const LATE_MS = 25_000

/** Answers that are late or never come: every call ends in time, and what was said of it stays true. */
export function silentConnections(suite: DriverSuite): void {
  /** A limit within which the driver can surely connect on this machine. */
  let measured: Promise<number> | undefined
  const measure = async (): Promise<number> => {
    await using subject = await suite.throughProxy(PATIENCE_MS)
    const startedAt = performance.now()
    await openJournal(subject.driver)
    const limitMs = Math.round(TIMES_A_CONNECTION * (performance.now() - startedAt))
    return Math.min(Math.max(limitMs, LEAST_TIMEOUT_MS), MOST_TIMEOUT_MS)
  }
  const ownTimeoutMs = async (): Promise<number> => await (measured ??= measure())

  suite.waitingSection('rule 8 over connections that fall silent', () => {
    for (const of of ['request', 'reply'] as const) {
      suite.test(`waits for a ${of} that is late, and in time`, async () => {
        await using subject = await suite.throughProxy(PATIENCE_MS)
        const journal = await openJournal(subject.driver)
        const late = holdNext(of)
        subject.proxy.plan = late
        let hasEnded = false
        const append = journal.append().finally(() => (hasEnded = true))
        await late.held
        await delay(100)
        assert.equal(hasEnded, false, 'nothing was answered yet')
        late.release()
        assert.equal(await append, 'applied')
        await journal.settle()
      })

      suite.test(`gives up on a ${of} that is later than the call may take, and does not know`, async () => {
        await using subject = await suite.throughProxy(PATIENCE_MS)
        const journal = await openJournal(subject.driver)
        const late = holdNext(of)
        subject.proxy.plan = late
        await inTime(journal.append({ timeoutMs: DEADLINE_MS }))
        assert.deepEqual(
          [journal.lastFailure?.code, journal.lastFailure?.disposition],
          ['timeout', 'ambiguous'],
        )
        late.release()
        await journal.settle()
        await appendAgain(journal)
      })
    }

    suite.test('gives up when its signal fires while nothing answers, and does not know', async () => {
      await using subject = await suite.throughProxy(PATIENCE_MS)
      const journal = await openJournal(subject.driver)
      const late = holdNext('reply')
      subject.proxy.plan = late
      const controller = new AbortController()
      const append = journal.append({ signal: controller.signal })
      await late.held
      controller.abort()
      await inTime(append)
      assert.deepEqual(
        [journal.lastFailure?.code, journal.lastFailure?.disposition],
        ['aborted', 'ambiguous'],
      )
      late.release()
      await journal.settle()
    })

    for (const name of ['read', 'commit', 'drop'] as const) {
      suite.test(
        `ends a ${name} in time when nothing is answered, and goes on when it is again`,
        async () => {
          // A limit of its own ends a call, and without one the driver's does, which ends the connection as well.
          for (const [timeoutMs, options, ending] of [
            [PATIENCE_MS, { timeoutMs: DEADLINE_MS }, 'the call'],
            [await ownTimeoutMs(), {}, 'the connection'],
          ] as const) {
            await using subject = await suite.throughProxy(timeoutMs)
            const { driver } = subject
            const journal = await openJournal(driver)
            const call = (limit: CallOptions): Promise<unknown> => {
              switch (name) {
                case 'read':
                  return driver.read(journal.id, [everything], limit)
                case 'commit':
                  return driver.commit(journal.id, { mutations: [put(['a'])] }, limit)
                case 'drop':
                  return driver.drop(freshId(), limit)
              }
            }
            subject.proxy.plan = cutOff
            const { code } = await inTime(faultOf(driver, call(options)))
            assert.ok(code === 'timeout' || code === 'unavailable', `it failed with ${code}`)
            subject.proxy.plan = noFaults
            // A client that may wait so long for an answer has no reason to leave its connection yet.
            if (ending === 'the connection') await journal.settle()
          }
        },
      )
    }

    suite.test('leaves connections that fell silent, though it is asked without a pause', async () => {
      const timeoutMs = await ownTimeoutMs()
      await using subject = await suite.throughProxy(timeoutMs)
      const { driver } = subject
      const { id } = await openJournal(driver)
      let answers = 0
      let isOver = false
      const ask = async (): Promise<void> => {
        while (!isOver) {
          const read = driver.read(id, [everything], { timeoutMs })
          answers += await read.then(
            () => 1,
            () => 0,
          )
          await delay(20)
        }
      }
      // While nothing answers each asks once in its time, and together they leave no pause.
      const load = Array.from({ length: 10 }, async (_, at) => {
        await delay((at * timeoutMs) / 10)
        await ask()
      })
      try {
        await untilItWorks(async () => assert.ok(answers > 0))
        subject.proxy.plan = cutOff
        // Writing to a connection is no sign of its life: a limit that each write starts anew never ends it.
        await delay(timeoutMs / 2)
        subject.proxy.plan = noFaults
        const before = answers
        await untilItWorks(async () => assert.ok(answers > before, 'it does not work again'))
      } finally {
        isOver = true
        await Promise.all(load)
      }
    })

    suite.test(
      'ends its first calls in time when nothing answers, and works when it is answered',
      async () => {
        await using subject = await suite.throughProxy(await ownTimeoutMs())
        const { driver } = subject
        subject.proxy.plan = cutOff
        await inTime(Promise.allSettled([driver.open()]))
        const commit = driver.commit(freshId(), { mutations: [put(['a'])] }, { timeoutMs: DEADLINE_MS })
        const { code } = await inTime(faultOf(driver, commit))
        assert.ok(code === 'timeout' || code === 'unavailable', `commit failed with ${code}`)
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
          await using subject = await suite.throughProxy(await ownTimeoutMs())
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

/** What `work` comes to. Fails when it does not end by the limit that it was given. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const error = new assert.AssertionError({ message: `it has not ended after ${LATE_MS} ms` })
    timer = setTimeout(() => reject(error), LATE_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
