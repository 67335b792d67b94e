import assert from 'node:assert/strict'
import type { Batch, CommitResult, StorageDriver } from '@cairnkit/core/driver'
import { everything, insert, object, put, sweep } from './mutations.js'
import { keysOf, textsOf, valueOf } from './plain.js'
import { Subject } from './subject.js'
import type { DriverSuite } from './suite.js'
import { same } from './same.js'

const MANY = 50
/** Twelve that compete need twelve tries at most, each but the last lost to another one. */
const MOST_TRIES = 100

/** Calls at the same time, from one driver and from two. */
export function concurrency(suite: DriverSuite): void {
  suite.section('concurrency', () => {
    for (const [name, drivers] of [
      ['one driver', () => Promise.resolve([suite.driver])],
      ['two drivers', async () => [suite.driver, await suite.secondDriver()]],
    ] as const) {
      suite.test(`${name}: of ${MANY} commits that want a key to be absent, one wins`, async () => {
        const subjects = await spread(suite, await drivers())
        const results = await race(subjects, (at) => ({
          checks: [{ type: 'absent', key: ['a'] }],
          mutations: [put(['a'], String(at))],
        }))
        const winners = results.flatMap((result, at) => (result.ok ? [String(at)] : []))
        assert.equal(winners.length, 1)
        const [got] = await (subjects[0] as Subject).read({ type: 'get', key: ['a'] })
        assert.equal(valueOf(got), winners[0])
      })

      suite.test(`${name}: of ${MANY} births, one creates, and all have its epoch`, async () => {
        const subjects = await spread(suite, await drivers())
        const results = await race(subjects, (at) => ({ mutations: [put([String(at)])] }))
        assert.equal(results.filter((result) => result.ok && result.created).length, 1)
        assert.equal(new Set(results.map(({ epoch }) => epoch)).size, 1)
        assert.equal((await (subjects[0] as Subject).info()).records, MANY)
      })

      suite.test(`${name}: of ${MANY} inserts, the first one stays`, async () => {
        const subjects = await spread(suite, await drivers())
        await race(subjects, (at) => ({ mutations: [insert(['a'], String(at)), put([`b${at}`])] }))
        const [first] = await (subjects[0] as Subject).read({ type: 'get', key: ['a'] })
        await race(subjects, () => ({ mutations: [insert(['a'], 'late')] }))
        const [second] = await (subjects[0] as Subject).read({ type: 'get', key: ['a'] })
        assert.equal(valueOf(second), valueOf(first))
      })

      suite.test(`${name}: no increment is lost that compares before it writes`, async () => {
        const subjects = await spread(suite, await drivers())
        await (subjects[0] as Subject).write(put(['n'], '0'))
        const increment = async (subject: Subject): Promise<void> => {
          for (let tries = 0; tries < MOST_TRIES; tries++) {
            const [got] = await subject.read({ type: 'get', key: ['n'] })
            const seen = valueOf(got) ?? ''
            const { ok } = await subject.commit({
              checks: [{ type: 'equals', key: ['n'], bytes: Buffer.from(seen) }],
              mutations: [put(['n'], String(Number(seen) + 1))],
            })
            if (ok) return
          }
          assert.fail('an increment never found its turn')
        }
        await Promise.all(subjects.slice(0, 12).map(increment))
        const [got] = await (subjects[0] as Subject).read({ type: 'get', key: ['n'] })
        assert.equal(valueOf(got), '12')
      })

      suite.test(`${name}: of appends that want to be the next, each finds its place`, async () => {
        const subjects = await spread(suite, await drivers())
        const append = async (subject: Subject, author: number): Promise<void> => {
          for (let tries = 0; tries < MOST_TRIES; tries++) {
            const [log] = await subject.read({ type: 'range', prefix: ['log'], reverse: true, limit: 1 })
            const last = log.records[0]?.key ?? null
            const next = String(Number(last?.[1] ?? -1) + 1).padStart(3, '0')
            const { ok } = await subject.commit({
              checks: [{ type: 'last', prefix: ['log'], key: last }],
              mutations: [put(['log', next], String(author))],
            })
            if (ok) return
          }
          assert.fail('an append never found its place')
        }
        await Promise.all(subjects.slice(0, 12).map(append))
        const [all] = await (subjects[0] as Subject).read(everything)
        same(
          keysOf(all),
          Array.from({ length: 12 }, (_, at) => `log/${String(at).padStart(3, '0')}`),
        )
        const authors = new Set(all.records.map(({ bytes }) => Buffer.from(bytes).toString()))
        assert.equal(authors.size, 12)
      })
    }

    suite.test('a check on the epoch and a sweep never leave a record without its object', async () => {
      const subject = suite.fresh()
      const shared = object('shared')
      await subject.write(put(['root']), shared)
      const epoch = await subject.epoch()
      const [referring] = await Promise.all([
        subject.commit({
          checks: [{ type: 'epoch', epoch }],
          mutations: [put(['a'], 'v', [shared.id])],
        }),
        subject.write(sweep),
      ])
      const [all] = await subject.read({ type: 'range', prefix: [], follow: 'all' })
      same(textsOf(all.objects), referring.ok ? ['shared'] : [])
    })

    suite.test('commits to many partitions at once keep apart', async () => {
      const subjects = Array.from({ length: MANY }, () => suite.fresh())
      await Promise.all(
        subjects.map(async (subject, at) => {
          await subject.write(put(['a'], String(at)))
          await subject.write(put(['b'], String(at)))
        }),
      )
      for (const [at, subject] of subjects.entries()) {
        const [a, b] = await subject.read({ type: 'get', key: ['a'] }, { type: 'get', key: ['b'] })
        same([valueOf(a), valueOf(b)], [String(at), String(at)])
      }
    })

    suite.test('of many drops of one partition, one says that it was there', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a']))
      const dropped = await Promise.all(Array.from({ length: 10 }, () => subject.driver.drop(subject.id)))
      assert.equal(dropped.filter(Boolean).length, 1)
    })
  })
}

/** Handles on one new partition, dealt out over the drivers. */
async function spread(suite: DriverSuite, drivers: readonly StorageDriver[]): Promise<Subject[]> {
  await Promise.all(drivers.map((driver) => driver.open()))
  const { id } = suite.fresh()
  return Array.from(
    { length: MANY },
    (_, at) => new Subject(drivers[at % drivers.length] as StorageDriver, id),
  )
}

async function race(subjects: readonly Subject[], batch: (at: number) => Batch): Promise<CommitResult[]> {
  return await Promise.all(subjects.map((subject, at) => subject.commit(batch(at))))
}
