import type { StorageDriver } from '@cairnkit/core'
import { CairnSaver } from '@cairnkit/langgraph'
import type { RunnableConfig } from '@langchain/core/runnables'
import { emptyCheckpoint } from '@langchain/langgraph-checkpoint'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { chatGraph, human, threadConfig } from '../src/graphs.js'
import { tripCounter, watched } from '../src/trip-counter.js'

const cell = await openCell('trips')
const counter = await tripCounter(cell)
const saver = new CairnSaver(counter.driver)

afterAll(async () => {
  await counter[Symbol.asyncDispose]()
  await cell[Symbol.asyncDispose]()
})

const metadata = { source: 'loop' as const, step: 0, parents: {} }

async function put(
  parent: RunnableConfig,
  id: string,
  values: Record<string, unknown> = { x: id },
): Promise<RunnableConfig> {
  const versions = Object.fromEntries(Object.keys(values).map((channel) => [channel, id]))
  return await saver.put(
    parent,
    { ...emptyCheckpoint(), id, channel_values: values, channel_versions: versions } as never,
    metadata,
    versions,
  )
}

async function drain(iterable: AsyncIterable<unknown>): Promise<number> {
  let count = 0
  for await (const _ of iterable) count += 1
  return count
}

/** Loads the scripts on every server, which costs a second command once per server and script. */
beforeAll(async () => {
  const warming = new CairnSaver(cell.driver())
  for (let at = 0; at < 32; at++) {
    const config = threadConfig(`warm-${at}`)
    await warming.put(config, { ...emptyCheckpoint(), id: 'c' }, metadata, {})
    await warming.getTuple(config)
    await warming.deleteThread(`warm-${at}`)
  }
})

test('getTuple is one trip, for what is there and what is not', async () => {
  const stored = await put(threadConfig('get'), 'c1', { x: 1, list: [1, 2, 3], text: 'x'.repeat(5000) })
  await saver.putWrites(
    stored,
    [
      ['x', 2],
      ['list', [4]],
    ],
    'task',
  )
  for (const config of [
    threadConfig('get'),
    stored,
    threadConfig('nothing'),
    { configurable: { thread_id: 'get', checkpoint_id: 'none' } },
  ]) {
    expect(await counter.during(async () => await saver.getTuple(config))).toHaveLength(1)
  }
})

test('put is one trip', async () => {
  let parent: RunnableConfig = threadConfig('put')
  for (const id of ['c1', 'c2', 'c3']) {
    expect(await counter.during(async () => (parent = await put(parent, id)))).toHaveLength(1)
  }
})

test('put after a read by this process is one trip, for unchanged channels as well', async () => {
  const first = await put(threadConfig('put-after-read'), 'c1', { kept: ['k'], x: 1 })
  const tuple = await saver.getTuple(first)
  const next = {
    ...tuple!.checkpoint,
    id: 'c2',
    channel_values: { ...tuple!.checkpoint.channel_values, x: 2 },
    channel_versions: { ...tuple!.checkpoint.channel_versions, x: 'c2' } as never,
  }
  expect(await counter.during(async () => await saver.put(first, next, metadata, { x: 'c2' }))).toHaveLength(
    1,
  )
  expect((await saver.getTuple(threadConfig('put-after-read')))?.checkpoint.channel_values).toEqual({
    kept: ['k'],
    x: 2,
  })
})

test('put is one trip when an unchanged channel was changed in place, with and without healing', async () => {
  for (const healing of ['off', 'tail', 'thread'] as const) {
    const own = new CairnSaver(counter.driver, { healing })
    const doc = { text: 'x'.repeat(500), times: 0 }
    let parent: RunnableConfig = threadConfig(`in-place-${healing}`)
    for (let step = 0; step < 8; step++) {
      doc.times = step
      const checkpoint = {
        ...emptyCheckpoint(),
        id: `c${step}`,
        channel_values: { doc, step },
        channel_versions: { doc: 1, step },
      }
      const newVersions = step === 0 ? { doc: 1, step } : { step }
      const put = async (): Promise<void> => {
        parent = await own.put(parent, checkpoint, metadata, newVersions)
      }
      expect(await counter.during(put), `${healing}, step ${step}`).toHaveLength(1)
    }
    const loaded = await new CairnSaver(counter.driver).getTuple(parent)
    expect(loaded?.checkpoint.channel_values).toEqual({ doc: { ...doc, times: 0 }, step: 7 })
  }
})

test('put to a thread that was deleted meanwhile is sent a second time, and no more', async () => {
  for (const healing of ['off', 'tail', 'thread'] as const) {
    const own = new CairnSaver(counter.driver, { healing })
    const config = threadConfig(`deleted-${healing}`)
    const parent = await own.put(config, { ...emptyCheckpoint(), id: 'c1' }, metadata, {})
    await new CairnSaver(cell.driver(), { healing }).deleteThread(`deleted-${healing}`)
    const next = async (): Promise<unknown> =>
      await own.put(parent, { ...emptyCheckpoint(), id: 'c2' }, metadata, {})
    expect(await counter.during(next), healing).toHaveLength(2)
  }
})

test('putWrites is one trip, however many writes', async () => {
  const stored = await put(threadConfig('writes'), 'c1')
  const writes = Array.from({ length: 20 }, (_, at): [string, unknown] => ['x', at])
  expect(await counter.during(async () => await saver.putWrites(stored, writes, 'task'))).toHaveLength(1)
})

test('deleteThread is one trip', async () => {
  await put(threadConfig('delete'), 'c1')
  expect(await counter.during(async () => await saver.deleteThread('delete'))).toHaveLength(1)
})

test('a page of a listing is one trip', async () => {
  let parent: RunnableConfig = threadConfig('list')
  for (let at = 0; at < 130; at++) parent = await put(parent, `c${String(at).padStart(3, '0')}`)
  const config = { configurable: { thread_id: 'list', checkpoint_ns: '' } }
  expect(await counter.during(async () => await drain(saver.list(config, { limit: 10 })))).toHaveLength(1)
  expect(await counter.during(async () => await drain(saver.list(config, { limit: 64 })))).toHaveLength(1)
  // 64 + 64 + 2
  expect(await counter.during(async () => expect(await drain(saver.list(config))).toBe(130))).toHaveLength(3)
})

test('getDeltaChannelHistory is one trip for 256 ancestors', async () => {
  let parent: RunnableConfig = threadConfig('delta')
  for (let at = 0; at < 600; at++) {
    parent = await put(parent, `c${String(at).padStart(3, '0')}`, at === 0 ? { m: ['seed'] } : {})
    await saver.putWrites(parent, [['m', at]], 'task')
  }
  const at = (id: string): RunnableConfig => ({ configurable: { thread_id: 'delta', checkpoint_id: id } })
  for (const [id, trips] of [
    ['c256', 1],
    ['c257', 2],
    ['c512', 2],
    ['c599', 3],
  ] as const) {
    const history = { seen: 0 }
    const made = await counter.during(async () => {
      const { m } = await saver.getDeltaChannelHistory({ config: at(id), channels: ['m'] })
      expect(m?.seed).toEqual(['seed'])
      history.seen = m?.writes.length ?? 0
    })
    expect(history.seen).toBe(Number(id.slice(1)))
    expect(made, `from ${id}`).toHaveLength(trips)
  }
})

test('the histories of all tuples of a listing go over their ancestors once', async () => {
  let parent: RunnableConfig = threadConfig('delta-listing')
  for (let at = 0; at < 60; at++) {
    parent = await put(parent, `c${String(at).padStart(2, '0')}`, at === 0 ? { m: ['seed'] } : {})
    await saver.putWrites(parent, [['m', at]], 'task')
  }
  const config = { configurable: { thread_id: 'delta-listing', checkpoint_ns: '' } }
  const made = await counter.during(async () => {
    for await (const tuple of saver.list(config)) {
      const { m } = await saver.getDeltaChannelHistory({ config: tuple.config, channels: ['m'] })
      const before = Number(tuple.checkpoint.id.slice(1))
      expect(m?.writes.map(([, , value]) => value)).toEqual(Array.from({ length: before }, (_, at) => at))
    }
  })
  // The page, and the ancestors of the first tuple.
  expect(made).toHaveLength(2)
})

test('a chat turn is one trip for what it reads and one for each checkpoint', async () => {
  const graph = chatGraph(saver)
  await graph.invoke(human('one'), threadConfig('turn'))
  // G P W W P P: the model answers at once, so the writes are made in the tick of the first checkpoint.
  expect(
    await counter.during(async () => await graph.invoke(human('two'), threadConfig('turn'))),
  ).toHaveLength(4)
})

test('the calls of one superstep travel as one', async () => {
  const calls: string[] = []
  const driver: StorageDriver = watched(cell.driver(), (method) => calls.push(method))
  const together = new CairnSaver(driver)
  const stored = await put(threadConfig('superstep'), 'c1')
  const tuple = await together.getTuple(stored)
  calls.length = 0
  const pending = [
    ...Array.from(
      { length: 5 },
      async (_, at) => await together.putWrites(stored, [['x', at]], `task-${at}`),
    ),
    together.put(stored, { ...tuple!.checkpoint, id: 'c2' }, metadata, {}),
  ]
  // Nothing has been answered yet: input and output are served between macrotasks.
  await new Promise((resolve) => process.nextTick(resolve))
  for (let at = 0; at < 50; at++) await Promise.resolve()
  expect(calls).toEqual(['commit'])
  await Promise.all(pending)
  expect((await together.getTuple(stored))?.pendingWrites).toHaveLength(5)
})
