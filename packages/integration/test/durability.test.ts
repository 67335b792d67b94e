import {
  type Batch,
  type Durability,
  Keyspace,
  type KeyspaceOptions,
  type RetryEvent,
  StorageError,
  type StorageDriver,
  type UnderReplicatedEvent,
} from '@cairnkit/core'
import { CairnSaver } from '@cairnkit/langgraph'
import { type LabNode, findServerSince, labFacts, waitFor } from '@cairnkit/redis-lab'
import { afterAll, expect, test } from 'vitest'
import { borrowedDrivers } from '../src/borrowed-driver.js'
import { CommandLog } from '../src/command-log.js'
import { chatGraph, human, threadConfig } from '../src/graphs.js'
import { knownTo } from '../src/known-to.js'
import { primaryOfKey } from '../src/primary-of-key.js'
import { redisDriver } from '../src/redis-driver.js'
import { startReplicatedLab } from '../src/replicated-lab.js'
import { pooledDriver } from './durability/pooled-driver.js'
import { openStage, whileStalled } from './durability/stage.js'

const stage = await openStage()
const { cell, driver: newDriver, needsReplicas } = stage
afterAll(async () => await stage[Symbol.asyncDispose]())

/** `one` was asked for: more may have been quick, too. */
const enough = {
  acknowledged: { replicas: expect.toSatisfy((replicas: number) => replicas >= 1) as number },
}

function keyspace(driver: StorageDriver, options: KeyspaceOptions = {}): Keyspace {
  return new Keyspace(driver, ['durability'], options)
}

const put: Batch = { mutations: [{ type: 'put', key: ['a'], bytes: Buffer.from('value') }] }
const one: Durability = { replicas: 1, timeoutMs: 2000 }

async function failureOf(call: Promise<unknown>): Promise<StorageError> {
  const cause: unknown = await call.then(
    (result) => new Error(`resolved to ${JSON.stringify(result)}`),
    (reason: unknown) => reason,
  )
  if (StorageError.isInstance(cause)) return cause
  throw cause
}

test('a commit tells how many replicas have it', async (context) => {
  const { servers } = needsReplicas(context)
  const all = { ...one, replicas: servers.replicasEach }
  const partition = keyspace(newDriver(), { durability: all }).partition('acknowledged')
  for (let round = 0; round < 20; round++) {
    const result = await partition.commit({
      mutations: [{ type: 'put', key: [String(round)], bytes: Buffer.alloc(100) }],
    })
    expect(result).toMatchObject({ ok: true, acknowledged: { replicas: servers.replicasEach } })
  }
})

test('owned pools and clients that were brought wait on the connection of the write, too', async (context) => {
  const { storage, servers } = needsReplicas(context)
  const facts = labFacts(servers.lab)
  const lent = borrowedDrivers(storage.client, facts, cell.keyPrefix)
  const pool = pooledDriver({ storage, servers }, cell.keyPrefix)
  try {
    for (const driver of [pool, ...lent.map((one_) => one_.driver)]) {
      const space = keyspace(driver, { durability: one, retry: { maxAttempts: 1 } })
      const partitions = Array.from({ length: 8 }, () => space.partition(crypto.randomUUID()))
      const write = async (): Promise<unknown[]> =>
        await Promise.all(partitions.map(async (partition) => await partition.commit(put)))
      for (const result of await write()) expect(result).toMatchObject(enough)
      await whileStalled(servers, async () => {
        const quick = { ...one, timeoutMs: 200 }
        const failures = await Promise.all(
          partitions.map(
            async (partition) =>
              await failureOf(partition.commit(put, { durability: quick, timeoutMs: 10_000 })),
          ),
        )
        expect(failures.map(({ code }) => code)).toEqual(failures.map(() => 'replication'))
      })
    }
  } finally {
    await pool.close()
    for (const each of lent) await each[Symbol.asyncDispose]()
  }
})

test('while replicas stand still nothing is acknowledged, in time; afterwards it goes on', async (context) => {
  const { servers } = needsReplicas(context)
  const retries: RetryEvent[] = []
  const observer = { onRetry: (event: RetryEvent) => retries.push(event) }
  const partition = keyspace(newDriver(), { durability: { ...one, timeoutMs: 200 }, observer }).partition(
    'stalled',
  )
  await partition.commit(put)
  await whileStalled(servers, async () => {
    const startedAt = performance.now()
    const failure = await failureOf(partition.commit(put, { timeoutMs: 1500 }))
    // Without a limit of its own a call has the 15 s of its keyspace.
    expect(performance.now() - startedAt).toBeLessThan(12_000)
    expect(failure).toMatchObject({ disposition: 'ambiguous', partition: partition.id })
    // The last attempt may have had no time for the server's answer.
    expect(['replication', 'timeout']).toContain(failure.code)
    expect(retries.map(({ errorCode }) => errorCode)).toContain('replication')
    // It was applied, and one more call says so in its words.
    const told = await failureOf(
      keyspace(newDriver(), { retry: { maxAttempts: 1 } })
        .partition('stalled')
        .commit(put, { durability: { ...one, timeoutMs: 200 } }),
    )
    expect(told.code).toBe('replication')
    expect(told.message).toContain('0 of 1 replicas had it within 200 ms')
    expect((await partition.read([{ type: 'count', prefix: [] }]))[0].count).toBe(1)
  })
  expect(await partition.commit(put)).toMatchObject(enough)
})

test('a commit that waits when replicas come back is acknowledged by a retry', async (context) => {
  const { servers } = needsReplicas(context)
  const partition = keyspace(newDriver(), { durability: { ...one, timeoutMs: 200 } }).partition('back')
  const committed = await whileStalled(servers, async () => {
    const commit = partition.commit(put)
    await new Promise((resolve) => setTimeout(resolve, 500))
    return { commit }
  })
  expect(await committed.commit).toMatchObject(enough)
})

test('with onTimeout "warn" it goes on, and the observer hears of it', async () => {
  const heard: UnderReplicatedEvent[] = []
  const observer = { onUnderReplicated: (event: UnderReplicatedEvent) => heard.push(event) }
  const durability: Durability = { replicas: 9, timeoutMs: 100, onTimeout: 'warn' }
  const partition = keyspace(newDriver(), { durability, observer }).partition('warned')
  const result = await partition.commit(put)
  expect(result.ok).toBe(true)
  const acknowledgedReplicas = stage.replicated?.servers.replicasEach ?? 0
  expect(heard).toMatchObject([
    { partition: partition.id, replicas: 9, acknowledgedReplicas, timeoutMs: 100 },
  ])
})

test('without an observer there is one warning, not one for each commit', async () => {
  const warnings: Error[] = []
  const hear = (warning: Error): void => void (warning.name === 'CairnWarning' && warnings.push(warning))
  process.on('warning', hear)
  try {
    const durability: Durability = { replicas: 9, timeoutMs: 10, onTimeout: 'warn' }
    const saver = new CairnSaver(newDriver(), { durability })
    await chatGraph(saver).invoke(human('hello'), threadConfig(crypto.randomUUID()))
    await new Promise(setImmediate)
  } finally {
    process.off('warning', hear)
  }
  expect(warnings.length).toBe(1)
  expect(warnings[0]?.message).toMatch(/of 9 replicas had it within 10 ms/)
})

test('more replicas than there are fail in time', async () => {
  const saver = new CairnSaver(newDriver(), {
    durability: { replicas: 9, timeoutMs: 50 },
    retry: { maxAttempts: 2 },
  })
  const failure = await failureOf(chatGraph(saver).invoke(human('hello'), threadConfig(crypto.randomUUID())))
  expect(failure).toMatchObject({ code: 'replication', disposition: 'ambiguous', attempts: 2 })
})

test('what a call asks for goes before what its saver asks for', async () => {
  const saver = new CairnSaver(newDriver(), {
    durability: { replicas: 9, timeoutMs: 50 },
    retry: { maxAttempts: 1 },
  })
  const graph = chatGraph(saver)
  const config = (durability: unknown) => ({ configurable: { thread_id: crypto.randomUUID(), durability } })
  expect((await graph.invoke(human('hello'), config(null))).messages.length).toBe(2)
  const warned = { replicas: 9, timeoutMs: 10, onTimeout: 'warn' }
  expect((await graph.invoke(human('hello'), config(warned))).messages.length).toBe(2)
  const possible = stage.replicated === undefined ? null : one
  expect((await graph.invoke(human('hello'), config(possible))).messages.length).toBe(2)
  await expect(graph.invoke(human('hello'), config(undefined))).rejects.toMatchObject({ code: 'replication' })
  await expect(graph.invoke(human('hello'), config({ replicas: -1 }))).rejects.toThrow(TypeError)

  const relaxed = chatGraph(new CairnSaver(newDriver(), { retry: { maxAttempts: 1 } }))
  expect((await relaxed.invoke(human('hello'), config(undefined))).messages.length).toBe(2)
  await expect(relaxed.invoke(human('hello'), config({ replicas: 9, timeoutMs: 50 }))).rejects.toMatchObject({
    code: 'replication',
  })
})

test.each([
  ['no object', 1],
  ['an array', []],
  ['no number of replicas', {}],
  ['no replicas', { replicas: 0 }],
  ['half a replica', { replicas: 1.5 }],
  ['text', { replicas: '1' }],
  ['no time', { replicas: 1, timeoutMs: 0 }],
  ['endless time', { replicas: 1, timeoutMs: Number.POSITIVE_INFINITY }],
  ['an unknown reaction', { replicas: 1, onTimeout: 'ignore' }],
  ['an unknown option', { replicas: 1, timeout: 5 }],
  ['a disk that is no boolean', { replicas: 1, fsync: 1 }],
])('refuses %s as durability, of a saver and of a call', async (_what, durability) => {
  const driver = newDriver()
  const wrong = durability as unknown as Durability
  expect(() => new CairnSaver(driver, { durability: wrong })).toThrow(TypeError)
  expect(() => keyspace(driver, { durability: wrong })).toThrow(/^durability/)
  await expect(keyspace(driver).partition('p').commit(put, { durability: wrong })).rejects.toThrow(TypeError)
})

test('a retry that finds all done still waits for replicas that do not have it', async (context) => {
  const { servers } = needsReplicas(context)
  const partition = keyspace(newDriver()).partition('found-done')
  const gone = keyspace(newDriver()).partition('found-gone')
  const empty: Batch = { mutations: [{ type: 'delete', key: ['a'] }] }
  await gone.commit(put)
  await whileStalled(servers, async () => {
    // Applied on the primary, and its reply as good as lost: the retry comes over a connection that wrote nothing.
    await partition.commit(put)
    await gone.commit(empty)
    const options = { durability: { ...one, timeoutMs: 300 }, retry: { maxAttempts: 1 } }
    const again = keyspace(newDriver(), options)
    const failure = await failureOf(again.partition('found-done').commit(put))
    expect(failure).toMatchObject({ code: 'replication', disposition: 'ambiguous' })
    expect((await failureOf(again.partition('found-gone').commit(empty))).code).toBe('replication')
  })
  const again = keyspace(newDriver(), { durability: one })
  expect(await again.partition('found-done').commit(put)).toMatchObject({ created: false, ...enough })
  expect(await again.partition('found-gone').commit(empty)).toMatchObject({ epoch: null, ...enough })
})

test('a deletion waits for replicas, too', async (context) => {
  const { servers } = needsReplicas(context)
  const driver = newDriver()
  const saver = new CairnSaver(driver, { durability: one, timeoutMs: 10_000 })
  const graph = chatGraph(saver)
  for (const thread of ['forgotten', 'stays']) await graph.invoke(human('hello'), threadConfig(thread))
  await saver.deleteThread('forgotten')
  expect(await saver.getTuple(threadConfig('forgotten'))).toBeUndefined()

  const hasty = new CairnSaver(driver, {
    durability: { ...one, timeoutMs: 200 },
    retry: { maxAttempts: 1 },
  })
  const failure = await whileStalled(servers, async () => await failureOf(hasty.deleteThread('stays')))
  expect(failure).toMatchObject({ code: 'replication', disposition: 'ambiguous' })
  await saver.deleteThread('stays')
  expect(await saver.getTuple(threadConfig('stays'))).toBeUndefined()

  const partition = keyspace(driver, { durability: one }).partition('dropped')
  await partition.commit(put)
  expect([await partition.drop(), await partition.drop()]).toEqual([true, false])
})

test('it costs a second command and no second trip, and commits of one tick share it', async (context) => {
  const { servers } = needsReplicas(context)
  const partition = keyspace(newDriver(), { durability: one }).partition('trips')
  await partition.commit(put)
  await using log = await CommandLog.open(servers.lab)
  const namesDuring = async (work: () => Promise<unknown>): Promise<string[]> =>
    (await log.during('', work)).map(({ name }) => name).filter((name) => /^(eval|wait)/.test(name))
  expect(await namesDuring(async () => await partition.commit(put))).toEqual(['evalsha', 'wait'])
  const many = async (): Promise<unknown> =>
    await Promise.all(Array.from({ length: 5 }, async () => await partition.commit(put)))
  expect(await namesDuring(many)).toEqual([...Array.from({ length: 5 }, () => 'evalsha'), 'wait'])
  expect(await namesDuring(async () => await partition.commit(put, { durability: null }))).toEqual([
    'evalsha',
  ])
  const [reading] = await knownTo(servers.lab.nodes[0], ['evalsha_ro', 'evalsha'])
  expect(await namesDuring(async () => await partition.read([{ type: 'info' }]))).toEqual([reading])
})

test('a script that the server forgot is sent again, with a wait behind it', async (context) => {
  const { servers } = needsReplicas(context)
  const partition = keyspace(newDriver(), { durability: one, retry: { maxAttempts: 1 } }).partition('flushed')
  await partition.commit(put)
  for (const node of await servers.lab.primaries()) await node.command('SCRIPT', 'FLUSH')
  expect(await partition.commit(put)).toMatchObject(enough)
})

test('a wait that the server breaks off may have been in vain, and is repeated', async (context) => {
  const { servers } = needsReplicas(context)
  const retries: RetryEvent[] = []
  const observer = { onRetry: (event: RetryEvent) => retries.push(event) }
  const space = keyspace(newDriver(), { durability: { ...one, timeoutMs: 4000 }, observer })
  const partition = space.partition('broken-off')
  await partition.commit(put)
  const primary = await primaryOfKey(servers.lab, `${cell.keyPrefix}:{${partition.id}}`)
  const { commit } = await whileStalled(servers, async () => {
    const waiting = partition.commit(put)
    await breakOff(primary)
    await waitFor('the commit is repeated', () => (retries.length > 0 ? true : undefined))
    return { commit: waiting }
  })
  expect(await commit).toMatchObject(enough)
  expect(retries[0]?.errorCode).toBe('unavailable')
})

/** What a demotion does to clients that wait. */
async function breakOff(primary: LabNode): Promise<void> {
  await waitFor('somebody waits', async () => {
    const clients = String(await primary.command('CLIENT', 'LIST'))
    const [, id] = /^id=(\d+) .*\bflags=b .*\bcmd=wait\b/m.exec(clients) ?? []
    if (id === undefined) return undefined
    return Number(await primary.command('CLIENT', 'UNBLOCK', id, 'ERROR')) === 1 ? true : undefined
  })
}

test('commits find their way while their slot moves', async (context) => {
  const { servers } = needsReplicas(context)
  const { lab } = servers
  if (lab.kind !== 'cluster') return context.skip('there are no slots')
  const space = keyspace(newDriver(), { durability: one })
  const old = space.partition('moves', 'old')
  await old.commit(put)
  const key = `${cell.keyPrefix}:{${old.id}}`
  const slot = lab.slotOf(key)
  const from = await lab.primaryOf(slot)
  const to = (await lab.primaries()).find(({ name }) => name !== from.name)
  if (to === undefined) throw new Error('There is one primary only')
  const phases: string[] = []
  await lab.moveSlot(slot, to, {
    onStep: async ({ phase }) => {
      phases.push(phase)
      const batch: Batch = { mutations: [{ type: 'put', key: [phase], bytes: Buffer.from(phase) }] }
      expect(await old.commit(batch)).toMatchObject({ ok: true, acknowledged: { replicas: 1 } })
    },
  })
  expect(await old.commit(put)).toMatchObject({ ok: true, created: false, acknowledged: { replicas: 1 } })
  const [{ records }] = await old.read([{ type: 'range', prefix: [] }])
  expect(records.map((record) => record.key[0])).toEqual(['a', ...phases].toSorted())
  await lab.moveSlot(slot, from)
})

test('with fsync, disks have it too', async (context) => {
  const { storage } = needsReplicas(context)
  const program = await findServerSince(7, 2)
  if (program === undefined) return context.skip('no server of version 7.2 or newer is installed')
  await using servers = await startReplicatedLab(storage.topology, { program, appendOnly: true })
  const driver = redisDriver(storage, labFacts(servers.lab), cell.keyPrefix)
  const durability: Durability = { ...one, replicas: servers.replicasEach, fsync: true, timeoutMs: 3000 }
  try {
    const partition = keyspace(driver, { durability }).partition('on-disk')
    for (let round = 0; round < 3; round++) {
      expect(await partition.commit(put)).toMatchObject({
        acknowledged: { replicas: servers.replicasEach, fsynced: true },
      })
    }
    await servers.stall()
    const quick = { durability: { ...durability, timeoutMs: 200 }, timeoutMs: 1000 }
    expect(await failureOf(partition.commit(put, quick))).toMatchObject({ disposition: 'ambiguous' })
    const alone = { durability: { replicas: 0, fsync: true, timeoutMs: 3000 } }
    expect(await partition.commit(put, alone)).toMatchObject({ acknowledged: { fsynced: true } })
  } finally {
    await driver.close()
  }
})
