import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { StorageDriver } from '@cairnkit/core/driver'
import { StorageError } from '@cairnkit/core'
import { type CutFault, type CutPoint, type Ending, cutPoints } from '../faults/fault.js'
import { type Claim, untilItWorks } from '../faults/journal.js'
import { noFaults, once } from '../faults/plan.js'
import type { ProxiedDriver } from './harness.js'
import { everything, put } from './mutations.js'
import { keysOf } from './plain.js'
import { same } from './same.js'
import { appendAgain, openJournal } from './open-journal.js'
import { Subject, faultOf } from './subject.js'
import type { DriverSuite } from './suite.js'

/** More than any call of these tests takes on a busy machine: what breaks here is told by the connection. */
const TIMEOUT_MS = 50_000
const ROUNDS = 4
const AT_ONCE = 20

const endings: readonly Ending[] = ['close', 'reset']

const ended: Readonly<Record<Ending, string>> = { close: 'closed', reset: 'reset' }

const when: Readonly<Record<CutPoint, string>> = {
  'before-send': 'before a call was sent',
  'after-send': 'after a call was carried out',
  'after-reply': 'after a call was answered',
}

const cuts: readonly CutFault[] = cutPoints.flatMap((at) =>
  endings.map((by): CutFault => ({ type: 'cut', at, by })),
)

/** Connections that break: what was said of a call is true, and the driver goes on by itself. */
export function brokenConnections(suite: DriverSuite): void {
  suite.waitingSection('rule 8 over connections that break', () => {
    for (const fault of cuts) {
      const { at, by = 'close' } = fault
      suite.test(`tells the truth of a commit when its connection is ${ended[by]} ${when[at]}`, async () => {
        await using subject = await suite.throughProxy(TIMEOUT_MS)
        const journal = await openJournal(subject.driver)
        for (let round = 0; round < ROUNDS; round++) {
          await strike(subject, fault, async () => await journal.append())
          await journal.settle()
        }
      })
    }

    suite.test('acknowledges what was answered, though the connection ends then', async () => {
      await using subject = await suite.throughProxy(TIMEOUT_MS)
      const journal = await openJournal(subject.driver)
      const claim = await strike(subject, { type: 'cut', at: 'after-reply' }, () => journal.append())
      assert.equal(claim, 'applied')
      await journal.settle()
    })

    suite.test('reads the truth or fails, and never reads nothing', async () => {
      await using subject = await suite.throughProxy(TIMEOUT_MS)
      const journal = await openJournal(subject.driver)
      const [there] = await new Subject(subject.driver, journal.id).read(everything)
      for (const fault of cuts) {
        const keys = await strike(subject, fault, async () => {
          const read = new Subject(subject.driver, journal.id).read(everything)
          return await read.then(
            ([all]) => keysOf(all),
            async () => {
              assert.notEqual((await faultOf(subject.driver, read)).code, 'corrupt')
              return undefined
            },
          )
        })
        if (keys !== undefined) same(keys, keysOf(there))
        await journal.settle()
      }
    })

    suite.test('tells the truth of a drop', async () => {
      await using subject = await suite.throughProxy(TIMEOUT_MS)
      for (const fault of cuts) {
        const partition = new Subject(subject.driver, (await openJournal(subject.driver)).id)
        const said = await strike(subject, fault, async () => {
          const drop = subject.driver.drop(partition.id)
          return await drop.then(String, async () => (await faultOf(subject.driver, drop)).disposition)
        })
        const { records } = await untilItWorks(async () => await partition.info())
        const expected: Readonly<Record<string, readonly number[]>> = {
          true: [0],
          ambiguous: [0, 1],
          transient: [1],
          permanent: [1],
        }
        assert.ok(
          expected[said]?.includes(records),
          `the drop said ${said}, and ${records} records are there`,
        )
      }
    })

    suite.test(`tells the truth of each of ${AT_ONCE} calls that are under way`, async () => {
      await using subject = await suite.throughProxy(TIMEOUT_MS)
      const journal = await openJournal(subject.driver)
      for (const [round, fault] of cuts.entries()) {
        const note = async (at: number): Promise<Claim> => await journal.note(`${round}/${at}`)
        const before = Array.from({ length: AT_ONCE / 2 }, (_, at) => note(at))
        await new Promise(setImmediate)
        await strike(subject, fault, async () => {
          const behind = Array.from({ length: AT_ONCE / 2 }, (_, at) => note(at + AT_ONCE / 2))
          await Promise.all([...before, ...behind])
        })
        await journal.settle()
      }
    })

    suite.test('goes on after connections that were lost while nothing was asked', async () => {
      await using subject = await suite.throughProxy(TIMEOUT_MS)
      const journal = await openJournal(subject.driver)
      for (const by of endings) {
        subject.proxy.cutAll(by)
        await delay(20)
        await journal.settle()
        // On a busy machine a client may not have heard yet that its connection has gone.
        await appendAgain(journal)
      }
    })

    suite.test('a keyspace repeats what may be repeated, and nothing else', async () => {
      await using subject = await suite.throughProxy(TIMEOUT_MS)
      await openJournal(subject.driver)
      const partition = suite.keyspace(subject.driver).partition('p')
      let last: readonly string[] | null = null
      for (const [round, fault] of cuts.entries()) {
        const key = ['log', String(round)]
        const append = partition.commit.bind(partition, {
          checks: [{ type: 'last', prefix: ['log'], key: last }],
          mutations: [put(key)],
        })
        // Connected again, so that it is this fault that the append meets.
        await partition.read([everything])
        const said: string = await strike(subject, fault, () => saidBy(append()))
        assert.ok(said === 'ok' || said === 'ambiguous', `an append was told to be ${said}`)
        const [found] = await strike(subject, fault, () => partition.read([{ type: 'get', key }]))
        if (said === 'ok') assert.ok(found.record !== undefined, 'what was acknowledged is there')
        if (found.record !== undefined) last = key
        const again = partition.commit.bind(partition, { mutations: [put(['again', String(round)])] })
        assert.equal(await strike(subject, fault, () => saidBy(again())), 'ok')
      }
      const [again] = await partition.read([{ type: 'count', prefix: ['again'] }])
      assert.equal(again.count, cuts.length)
    })
  })
}

/** Makes one call that the fault is to hit. */
async function strike<T>(subject: ProxiedDriver, fault: CutFault, call: () => Promise<T>): Promise<T> {
  const plan = once(fault)
  subject.proxy.plan = plan
  try {
    return await call()
  } finally {
    assert.ok(plan.struck, 'the proxy was to see the call')
    subject.proxy.plan = noFaults
  }
}

async function saidBy(commit: ReturnType<StorageDriver['commit']>): Promise<string> {
  try {
    return (await commit).ok ? 'ok' : 'rejected'
  } catch (cause) {
    if (StorageError.isInstance(cause)) return cause.disposition
    throw cause
  }
}
