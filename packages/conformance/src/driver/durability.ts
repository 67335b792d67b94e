import assert from 'node:assert/strict'
import { Keyspace, StorageError, type UnderReplicatedEvent } from '@cairnkit/core'
import type { Acknowledgement, CommitResult, DurabilityRequest, Mutation } from '@cairnkit/core/driver'
import { everything, expire, object, put, remove } from './mutations.js'
import { keysOf } from './plain.js'
import { same } from './same.js'
import { type Subject, faultOf } from './subject.js'
import type { DriverSuite } from './suite.js'

/** More than any deployment has, and not waited for longer than a test can take. */
const tooMany: DurabilityRequest = { replicas: 1000, timeoutMs: 50, fsync: false }

/** What a commit tells of its copies. That a replica really has it is for tests that can stop one. */
export function durability(suite: DriverSuite): void {
  suite.section('durability', () => {
    suite.test('tells nothing of copies that nobody asked for', async () => {
      const result = await suite.fresh().commit({ mutations: [put(['a'])] })
      assert.ok(result.ok && !('acknowledged' in result))
    })

    suite.test('applies what too few copies have, and tells how many', async () => {
      const subject = suite.fresh()
      const held = object('held')
      const told = await acknowledged(subject, held, put(['a'], 'v', [held.id]))
      assert.ok(Number.isSafeInteger(told.replicas) && told.replicas >= 0 && told.replicas < tooMany.replicas)
      assert.equal(typeof told.fsynced, 'boolean')
      same(keysOf((await subject.read(everything))[0]), ['a'])
    })

    suite.test('tells it of a commit that changes nothing, and changes nothing', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a']), object('held'), expire(60_000))
      const before = await subject.info()
      await acknowledged(subject)
      await acknowledged(subject, put(['a']), object('held'), remove(['x']))
      const after = await subject.info()
      same([after.epoch, after.records, after.objects], [before.epoch, before.records, before.objects])
      assert.ok(after.ttlMs !== null && after.ttlMs <= 60_000)
    })

    suite.test('creates nothing where nothing is written', async () => {
      const subject = suite.fresh()
      const result = await subject.commit({ mutations: [remove(['a'])] }, { durability: tooMany })
      assert.ok(result.ok && !result.created && result.epoch === null)
      await acknowledged(subject)
      await subject.assertAbsent()
    })

    suite.test('leaves nothing behind where everything is removed', async () => {
      const subject = suite.fresh()
      await subject.write(put(['a']))
      await acknowledged(subject, remove(['a']))
      await acknowledged(subject, remove(['a']))
      await subject.assertAbsent()
    })

    suite.test('does not wait when a check fails, and applies nothing', async () => {
      const subject = suite.fresh()
      const batch = { checks: [{ type: 'present', key: ['a'] } as const], mutations: [put(['b'])] }
      await acknowledged(suite.fresh())
      const durability = { ...tooMany, timeoutMs: 2000 }
      // A busy machine may be late once. Who waits is late each time.
      let waited = 0
      for (let attempt = 0; attempt === waited && waited < 5; attempt++) {
        const startedAt = performance.now()
        const result = await subject.commit(batch, { durability })
        same(result.ok ? 'applied' : result.failedChecks, [0])
        if (performance.now() - startedAt >= durability.timeoutMs) waited += 1
      }
      assert.ok(waited < 5, 'it waited each time')
      await subject.assertAbsent()
    })

    suite.test('serves many at once', async () => {
      const subjects = Array.from({ length: 20 }, () => suite.fresh())
      await Promise.all(subjects.map((subject, at) => acknowledged(subject, put([String(at)]))))
      for (const [at, subject] of subjects.entries())
        same(keysOf((await subject.read(everything))[0]), [String(at)])
    })

    suite.test('asks for disks where it can, and else applies nothing', async () => {
      const subject = suite.fresh()
      const asked = { durability: { replicas: 0, timeoutMs: 5000, fsync: true } }
      const commit = subject.commit({ mutations: [put(['a'])] }, asked)
      const result = await commit.catch(() => undefined)
      if (result === undefined) {
        const { code, disposition, message } = await faultOf(suite.driver, commit)
        same([code, disposition], ['unsupported', 'permanent'])
        assert.match(message, /disk/)
        return await subject.assertAbsent()
      }
      assert.equal(typeof toldBy(result).fsynced, 'boolean')
    })

    suite.test('fails through a keyspace, with a code of its own and the figures', async () => {
      const keyspace = new Keyspace(suite.driver, ['suite'], {
        durability: { replicas: 1000, timeoutMs: 20 },
        retry: { maxAttempts: 2, baseDelayMs: 1 },
      })
      const partition = keyspace.partition(crypto.randomUUID())
      const error: unknown = await partition
        .commit({ mutations: [put(['a'])] })
        .catch((cause: unknown) => cause)
      assert.ok(StorageError.isInstance(error))
      same([error.code, error.disposition, error.attempts], ['replication', 'ambiguous', 2])
      assert.match(error.message, /\d of 1000 replicas had it within 20 ms/)
      assert.ok(error.message.includes(partition.id))
    })

    suite.test('only tells the observer, if that is what was asked', async () => {
      const heard: UnderReplicatedEvent[] = []
      const keyspace = new Keyspace(suite.driver, ['suite'], {
        observer: { onUnderReplicated: (event) => heard.push(event) },
      })
      const partition = keyspace.partition(crypto.randomUUID())
      const durability = { replicas: 1000, timeoutMs: 20, onTimeout: 'warn' } as const
      const result = await partition.commit({ mutations: [put(['a'])] }, { durability })
      assert.ok(result.ok)
      same(
        heard.map(({ partition: id, replicas, timeoutMs }) => [id, replicas, timeoutMs]),
        [[partition.id, 1000, 20]],
      )
    })
  })
}

async function acknowledged(subject: Subject, ...mutations: readonly Mutation[]): Promise<Acknowledgement> {
  return toldBy(await subject.commit({ mutations }, { durability: tooMany }))
}

function toldBy(result: CommitResult): Acknowledgement {
  assert.ok(result.ok, 'a commit without checks is applied')
  assert.ok(result.acknowledged !== undefined, 'it tells who acknowledged')
  return result.acknowledged
}
