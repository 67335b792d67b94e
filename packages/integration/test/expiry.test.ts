import { Keyspace, type Partition, type StorageDriver } from '@cairnkit/core'
import { waitFor } from '@cairnkit/redis-lab'
import { CairnSaver, type CairnSaverOptions, type HealedEvent } from '@cairnkit/langgraph'
import { Annotation, Command, START, StateGraph, interrupt } from '@langchain/langgraph'
import { emptyCheckpoint } from '@langchain/langgraph-checkpoint'
import { afterAll, describe, expect, test } from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import {
  chatGraph,
  fanOutGraph,
  human,
  nestedGraph,
  rememberingGraph,
  reviewGraph,
  threadConfig,
} from '../src/graphs.js'
import { watched } from '../src/trip-counter.js'
import { withCommit } from '../src/with-commit.js'

const cell = await openCell('expiry')
afterAll(async () => await cell[Symbol.asyncDispose]())
const driver = cell.driver()

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const metadata = { source: 'loop' as const, step: 0, parents: {} }

function partition(threadId: string): Partition {
  return new Keyspace(driver, ['thread']).partition(threadId)
}

async function ttlMsOf(threadId: string): Promise<number | null> {
  const [info] = await partition(threadId).read([{ type: 'info' }])
  return info.ttlMs
}

/** Whether a time is what is left of a life of `ttlMs`, of which at most a tenth has passed. */
function isLeftOf(ttlMs: number): (leftMs: number | null) => boolean {
  return (leftMs) => leftMs !== null && leftMs > ttlMs * 0.9 && leftMs <= ttlMs
}

/** As if most of its time had passed. */
async function age(threadId: string, leftMs = HOUR_MS / 2): Promise<void> {
  await partition(threadId).commit({ mutations: [{ type: 'expire', ttlMs: leftMs }] })
}

async function put(
  saver: CairnSaver,
  threadId: string,
  id: string,
  options: { readonly parentId?: string; readonly namespace?: string; readonly ttlMs?: unknown } = {},
): Promise<void> {
  const { parentId, namespace = '', ttlMs } = options
  await saver.put(
    {
      configurable: {
        thread_id: threadId,
        checkpoint_ns: namespace,
        ...(parentId === undefined ? {} : { checkpoint_id: parentId }),
        ...(ttlMs === undefined ? {} : { ttl_ms: ttlMs }),
      },
    },
    { ...emptyCheckpoint(), id, channel_values: { x: id }, channel_versions: { x: id } as never },
    metadata,
    { x: id } as never,
  )
}

async function putWrites(saver: CairnSaver, threadId: string, id: string): Promise<void> {
  const config = { configurable: { thread_id: threadId, checkpoint_ns: '', checkpoint_id: id } }
  await saver.putWrites(config, [['x', 'written']], 'task')
}

/** Resolves when the condition holds. */
async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  await waitFor(what, async () => ((await condition()) ? true : undefined))
}

/** Counts what goes to the storage. */
function counted(): {
  readonly driver: StorageDriver
  readonly counts: { read: number; commit: number; drop: number }
} {
  const counts = { read: 0, commit: 0, drop: 0 }
  return { counts, driver: watched(driver, (method) => counts[method]++) }
}

describe('a thread that expires', () => {
  test('has its expiry from its first commit on, whatever is written first', async () => {
    const bare: string[] = []
    const watching = withCommit(driver, async (id, batch, options) => {
      const result = await driver.commit(id, batch, options)
      if (id.startsWith('thread:')) {
        const [info] = await driver.read(id, [{ type: 'info' }])
        if (info?.type === 'info' && info.records > 0 && info.ttlMs === null) bare.push(id)
      }
      return result
    })
    const saver = new CairnSaver(watching, { expiry: { ttlMs: DAY_MS } })
    await chatGraph(saver).invoke(human('hi'), threadConfig('first-chat'))
    await reviewGraph(saver).invoke({ draft: 'a' }, threadConfig('first-review'))
    await nestedGraph(saver).invoke({ draft: 'a' }, threadConfig('first-nested'))
    await fanOutGraph(saver).invoke({ items: [1, 2, 3] }, threadConfig('first-fan'))
    await putWrites(saver, 'first-writes', 'c1')
    await saver.withThread('first-lease', async () => await put(saver, 'first-lease', 'c1'))
    await saver.withThread('first-fence', async () => {})
    expect(bare).toEqual([])
    for (const id of ['chat', 'review', 'nested', 'fan', 'writes', 'lease'])
      expect(await ttlMsOf(`first-${id}`)).toSatisfy(isLeftOf(DAY_MS))
  })

  test('has its time anew with each write, in any namespace', async () => {
    const saver = new CairnSaver(driver, { expiry: { ttlMs: DAY_MS } })
    await put(saver, 'anew', 'c1')
    const writes: readonly (() => Promise<void>)[] = [
      async () => await put(saver, 'anew', 'c2', { parentId: 'c1' }),
      async () => await put(saver, 'anew', 'n1', { namespace: 'child:1' }),
      async () => await putWrites(saver, 'anew', 'c2'),
    ]
    for (const write of writes) {
      await age('anew')
      await write()
      expect(await ttlMsOf('anew')).toSatisfy(isLeftOf(DAY_MS))
    }
  })

  test('ends as a whole', async () => {
    const saver = new CairnSaver(driver, { expiry: { ttlMs: DAY_MS } })
    await rememberingGraph(saver).invoke({ log: [] }, threadConfig('whole'))
    await age('whole', 1)
    await until('the thread is gone', async () => {
      const [info] = await partition('whole').read([{ type: 'info' }])
      return info.epoch === null
    })
    const found: unknown[] = []
    for await (const tuple of saver.list(threadConfig('whole'))) found.push(tuple)
    expect(found).toEqual([])
    expect(await saver.getTuple(threadConfig('whole'))).toBeUndefined()
  })

  test('begins as a new one after its end, and is not healed', async () => {
    for (const healing of ['off', 'tail', 'thread'] as const) {
      const healed: HealedEvent[] = []
      const saver = new CairnSaver(driver, {
        healing,
        observer: { onHealed: (event) => void healed.push(event) },
        expiry: { ttlMs: 20 },
      })
      const id = `ended-${healing}`
      await put(saver, id, 'c1')
      await until('the thread is gone', async () => (await saver.getTuple(threadConfig(id))) === undefined)
      await put(saver, id, 'c2', { parentId: 'c1', ttlMs: DAY_MS })
      const ids: string[] = []
      for await (const tuple of saver.list(threadConfig(id))) ids.push(tuple.checkpoint.id)
      expect({ healing, ids, healed }).toEqual({ healing, ids: ['c2'], healed: [] })
    }
  })

  test('is healed when it is lost before its end, and expires then', async () => {
    const healed: HealedEvent[] = []
    const saver = new CairnSaver(driver, {
      healing: 'thread',
      observer: { onHealed: (event) => void healed.push(event) },
      expiry: { ttlMs: DAY_MS },
    })
    await put(saver, 'lost', 'c1')
    await partition('lost').drop()
    await put(saver, 'lost', 'c2', { parentId: 'c1' })
    expect(healed).toHaveLength(1)
    expect(await ttlMsOf('lost')).toSatisfy(isLeftOf(DAY_MS))
  })

  test('costs no command more than one that does not', async () => {
    const costs: unknown[] = []
    for (const [name, expiry] of [
      ['plain', undefined],
      ['write', { ttlMs: DAY_MS }],
      ['read', { ttlMs: DAY_MS, refresh: 'read' }],
      ['never', { ttlMs: DAY_MS, refresh: 'never' }],
      ['pinned', { ttlMs: DAY_MS, pinWhileInterrupted: true }],
    ] as const) {
      const { driver: counting, counts } = counted()
      const saver = new CairnSaver(counting, expiry === undefined ? {} : { expiry })
      const config = threadConfig(`cost-${name}`)
      for (let turn = 0; turn < 3; turn++) await chatGraph(saver).invoke(human(`${turn}`), config)
      await fanOutGraph(saver).invoke({ items: [1, 2, 3, 4, 5] }, threadConfig(`cost-fan-${name}`))
      await reviewGraph(saver).invoke({ draft: 'a' }, threadConfig(`cost-review-${name}`))
      costs.push(counts)
    }
    for (const cost of costs) expect(cost).toEqual(costs[0])
  })
})

describe('refresh', () => {
  test('never: a thread ends at its time after its first write', async () => {
    const saver = new CairnSaver(driver, { expiry: { ttlMs: DAY_MS, refresh: 'never' } })
    await put(saver, 'never', 'c1')
    expect(await ttlMsOf('never')).toSatisfy(isLeftOf(DAY_MS))
    await age('never', HOUR_MS)
    await put(saver, 'never', 'c2', { parentId: 'c1' })
    await saver.withThread('never', async () => await put(saver, 'never', 'c3', { parentId: 'c2' }))
    expect(await ttlMsOf('never')).toSatisfy(isLeftOf(HOUR_MS))
  })

  test('never: a thread of before gets its end with its next write', async () => {
    await put(new CairnSaver(driver), 'before', 'c1')
    expect(await ttlMsOf('before')).toBeNull()
    const saver = new CairnSaver(driver, { expiry: { ttlMs: DAY_MS, refresh: 'never' } })
    await put(saver, 'before', 'c2', { parentId: 'c1' })
    expect(await ttlMsOf('before')).toSatisfy(isLeftOf(DAY_MS))
  })

  test('read: a read renews once a tenth of the time has passed, and waits for nothing', async () => {
    const { driver: counting, counts } = counted()
    const saver = new CairnSaver(counting, { expiry: { ttlMs: DAY_MS, refresh: 'read' } })
    await put(saver, 'read', 'c1')
    const before = { ...counts }
    for (let at = 0; at < 5; at++) await saver.getTuple(threadConfig('read'))
    expect(counts).toEqual({ ...before, read: before.read + 5 })
    await age('read')
    await Promise.all([1, 2, 3].map(async () => await saver.getTuple(threadConfig('read'))))
    await until('the thread has its time anew', async () => ((await ttlMsOf('read')) ?? 0) > DAY_MS * 0.9)
    expect(counts.commit).toBe(before.commit + 1)
    for await (const _ of saver.list(threadConfig('read'))) break
    expect(counts.commit).toBe(before.commit + 1)
  })

  test('read: a read renews by the time of its own, and lets a pinned thread be', async () => {
    const saver = new CairnSaver(driver, { expiry: { ttlMs: DAY_MS, refresh: 'read' } })
    await put(saver, 'read-own', 'c1', { ttlMs: 2 * HOUR_MS })
    await saver.getTuple(threadConfig('read-own'))
    await age('read-own', HOUR_MS)
    await saver.getTuple(threadConfig('read-own'))
    await until('the thread has its own time anew', async () => ((await ttlMsOf('read-own')) ?? 0) > HOUR_MS)
    expect(await ttlMsOf('read-own')).toSatisfy(isLeftOf(2 * HOUR_MS))
  })

  test('read: a read that fails to renew fails nothing, and the observer hears of it', async () => {
    const failures: unknown[] = []
    const refusing = withCommit(driver, async (id, batch, options) => {
      const isRenewal = batch.mutations?.every(({ type }) => type === 'expire') === true
      if (isRenewal) throw new Error('refused')
      return await driver.commit(id, batch, options)
    })
    const saver = new CairnSaver(refusing, {
      retry: { maxAttempts: 1 },
      observer: { onBackgroundFailure: (failure) => void failures.push(failure) },
      expiry: { ttlMs: DAY_MS, refresh: 'read' },
    })
    await put(saver, 'read-refused', 'c1')
    await age('read-refused')
    expect((await saver.getTuple(threadConfig('read-refused')))?.checkpoint.id).toBe('c1')
    await until('the observer has heard of it', async () => failures.length > 0)
    expect(failures).toMatchObject([{ work: 'expiry', threadId: 'read-refused' }])
  })
})

describe('a time of its own', () => {
  test('counts before that of the saver, whoever writes', async () => {
    const saver = new CairnSaver(driver, { expiry: { ttlMs: DAY_MS } })
    await put(saver, 'own', 'c1', { ttlMs: HOUR_MS })
    expect(await ttlMsOf('own')).toSatisfy(isLeftOf(HOUR_MS))
    await age('own', 60_000)
    await put(new CairnSaver(driver, { expiry: { ttlMs: 9 * DAY_MS } }), 'own', 'c2', { parentId: 'c1' })
    expect(await ttlMsOf('own')).toSatisfy(isLeftOf(HOUR_MS))
    await put(saver, 'own', 'c3', { parentId: 'c2', ttlMs: 3 * HOUR_MS })
    expect(await ttlMsOf('own')).toSatisfy(isLeftOf(3 * HOUR_MS))
  })

  test('is renewed by a saver without expiry that goes on with the thread', async () => {
    const saver = new CairnSaver(driver)
    await put(saver, 'own-plain', 'c1', { ttlMs: HOUR_MS })
    expect(await ttlMsOf('own-plain')).toSatisfy(isLeftOf(HOUR_MS))
    await age('own-plain', 60_000)
    const other = new CairnSaver(driver)
    await other.getTuple(threadConfig('own-plain'))
    await put(other, 'own-plain', 'c2', { parentId: 'c1' })
    expect(await ttlMsOf('own-plain')).toSatisfy(isLeftOf(HOUR_MS))
  })

  test('may be given with pending writes, and by a graph', async () => {
    const saver = new CairnSaver(driver)
    await chatGraph(saver).invoke(human('hi'), { configurable: { thread_id: 'own-graph', ttl_ms: HOUR_MS } })
    expect(await ttlMsOf('own-graph')).toSatisfy(isLeftOf(HOUR_MS))
  })

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '60000', null, true])(
    'is no %s',
    async (ttlMs) => {
      const saver = new CairnSaver(driver)
      await expect(put(saver, 'bad', 'c1', { ttlMs })).rejects.toThrow(
        /^config\.configurable\.ttl_ms must be a whole number of milliseconds/,
      )
      await expect(saver.getTuple(threadConfig('bad'))).resolves.toBeUndefined()
      expect(() => new CairnSaver(driver, { expiry: { ttlMs } as CairnSaverOptions['expiry'] & {} })).toThrow(
        /^expiry\.ttlMs must be a whole number of milliseconds/,
      )
    },
  )

  test.each([1_000_000, 2 ** 31 - 1, 2 ** 31, 2 ** 32 + 1, 999_999_999_999_999])(
    'is exact with %d',
    async (ttlMs) => {
      await put(new CairnSaver(driver, { expiry: { ttlMs } }), `exact-${ttlMs}`, 'c1')
      expect(await ttlMsOf(`exact-${ttlMs}`)).toSatisfy(isLeftOf(ttlMs))
      await put(new CairnSaver(driver), `exact-own-${ttlMs}`, 'c1', { ttlMs })
      expect(await ttlMsOf(`exact-own-${ttlMs}`)).toSatisfy(isLeftOf(ttlMs))
    },
  )

  test('options are checked', () => {
    const of = (expiry: unknown) => () => new CairnSaver(driver, { expiry } as CairnSaverOptions)
    expect(of({ ttlMs: 1, refresh: 'always' })).toThrow(
      /^expiry\.refresh must be "write" or "read" or "never"/,
    )
    expect(of({ ttlMs: 1, ttl: 5 })).toThrow(TypeError)
    expect(of({})).toThrow(/^expiry\.ttlMs/)
    expect(of({ ttlMs: 1, pinWhileInterrupted: 'yes' })).toThrow(/^expiry\.pinWhileInterrupted/)
  })
})

describe('while an interrupt waits', () => {
  const expiry = { ttlMs: DAY_MS, pinWhileInterrupted: true }

  test('a thread ends at its time, unless it is asked otherwise', async () => {
    const saver = new CairnSaver(driver, { expiry: { ttlMs: DAY_MS } })
    await reviewGraph(saver).invoke({ draft: 'a' }, threadConfig('waits-not'))
    expect(await ttlMsOf('waits-not')).toSatisfy(isLeftOf(DAY_MS))
  })

  test('with pinWhileInterrupted it does not end, and has its time anew with the answer', async () => {
    const saver = new CairnSaver(driver, { expiry })
    const graph = reviewGraph(saver)
    await graph.invoke({ draft: 'a' }, threadConfig('waits'))
    expect(await ttlMsOf('waits')).toBeNull()
    await graph.invoke(new Command({ resume: 'good' }), threadConfig('waits'))
    expect(await ttlMsOf('waits')).toSatisfy(isLeftOf(DAY_MS))
  })

  test('in a subgraph too', async () => {
    const saver = new CairnSaver(driver, { expiry })
    const graph = nestedGraph(saver)
    await graph.invoke({ draft: 'a' }, threadConfig('waits-nested'))
    expect(await ttlMsOf('waits-nested')).toBeNull()
    await graph.invoke(new Command({ resume: 'good' }), threadConfig('waits-nested'))
    expect(await ttlMsOf('waits-nested')).toSatisfy(isLeftOf(DAY_MS))
  })

  test('while tasks beside it end later', async () => {
    const saver = new CairnSaver(driver, { expiry })
    const State = Annotation.Root({
      log: Annotation<string[]>({ reducer: (all, more) => [...all, ...more], default: () => [] }),
    })
    let waiting: (() => void) | undefined
    const isWaiting = new Promise<void>((resolve) => (waiting = resolve))
    const graph = new StateGraph(State)
      .addNode('ask', () => {
        setImmediate(() => waiting?.())
        return { log: [interrupt('well?') as string] }
      })
      .addNode('work', async () => {
        await isWaiting
        await until('the interrupt is stored', async () => (await ttlMsOf('waits-beside')) === null)
        return { log: ['worked'] }
      })
      .addEdge(START, 'ask')
      .addEdge(START, 'work')
      .compile({ checkpointer: saver })
    await graph.invoke({ log: [] }, threadConfig('waits-beside'))
    expect(await ttlMsOf('waits-beside')).toBeNull()
    await graph.invoke(new Command({ resume: 'good' }), threadConfig('waits-beside'))
    expect(await ttlMsOf('waits-beside')).toSatisfy(isLeftOf(DAY_MS))
  })
})
