import { Keyspace, StorageError } from '@cairnkit/core'
import { CairnSaver } from '@cairnkit/langgraph'
import { type Checkpoint, emptyCheckpoint } from '@langchain/langgraph-checkpoint'
import { type TestContext, afterAll, expect, test } from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { primaryOfKey } from '../src/primary-of-key.js'
import { tamperOf } from '../src/tamper.js'

const cell = await openCell('damage')
const driver = cell.driver()
const { tamper } = tamperOf(cell)
afterAll(async () => await cell[Symbol.asyncDispose]())

const NO_PAST = 'this storage has no other copy that could come back'
const NO_HANDS = 'nobody but the driver reaches this storage while it is open'
/** Too long to lie in the record of a checkpoint. */
const TEXT = 'hello '.repeat(100)

const metadata = { source: 'loop' as const, step: 0, parents: {} }
const threads = new Keyspace(driver, ['thread'])

/** A thread with one checkpoint and one write, and the ids of its objects. */
async function thread(threadId: string): Promise<{ partition: string; objects: string[] }> {
  const saver = new CairnSaver(driver)
  const checkpoint: Checkpoint = {
    ...emptyCheckpoint(),
    id: 'c1',
    channel_values: { text: TEXT },
    channel_versions: { text: 1 },
  }
  const stored = await saver.put({ configurable: { thread_id: threadId } }, checkpoint, metadata, {
    text: 1,
  })
  await saver.putWrites(stored, [['text', 'more']], 'task')
  const partition = threads.partition(threadId)
  const [found] = await partition.read([{ type: 'get', key: ['c', '', 'c1'], follow: 'all' }])
  return { partition: partition.id, objects: [...found.objects.keys()] }
}

/** Every way to read the thread fails with this code and names the thread; none of them hangs or is empty. */
async function expectFailure(threadId: string, code: string, names: string): Promise<void> {
  const saver = new CairnSaver(driver)
  const config = { configurable: { thread_id: threadId } }
  const reads = {
    getTuple: async () => await saver.getTuple(config),
    list: async () => {
      const tuples: unknown[] = []
      for await (const tuple of saver.list({ configurable: { ...config.configurable, checkpoint_ns: '' } }))
        tuples.push(tuple)
      return tuples
    },
  }
  for (const [name, read] of Object.entries(reads)) {
    const failure: unknown = await read().then(
      (value: unknown) => new Error(`${name} gave ${JSON.stringify(value)}`),
      (cause: unknown) => cause,
    )
    if (!StorageError.isInstance(failure)) throw failure
    expect(failure.code, failure.message).toBe(code)
    expect(failure.disposition).toBe('permanent')
    expect(failure.message).toContain(threadId)
    expect(failure.message).toContain(names)
  }
}

function hands(context: TestContext): Required<NonNullable<typeof tamper>> | undefined {
  if (tamper === undefined) context.skip(NO_HANDS)
  return tamper as Required<NonNullable<typeof tamper>> | undefined
}

test('an object that was deleted by hand', async (context) => {
  const { partition, objects } = await thread('gone-object')
  const [id] = objects
  await hands(context)?.deleteObject(driver, partition, id as string)
  await expectFailure('gone-object', 'corrupt', id as string)
})

test('an object whose bytes were damaged by hand', async (context) => {
  const { partition, objects } = await thread('damaged-object')
  await hands(context)?.damageObject(driver, partition, objects[0] as string)
  await expectFailure('damaged-object', 'corrupt', objects[0] as string)
})

test('a checkpoint whose bytes were damaged by hand', async (context) => {
  const { partition } = await thread('damaged-record')
  await hands(context)?.damageRecord(driver, partition, ['c', '', 'c1'])
  await expectFailure('damaged-record', 'corrupt', 'c1')
})

test('a pending write whose bytes were damaged by hand', async (context) => {
  const { partition } = await thread('damaged-write')
  await hands(context)?.damageRecord(driver, partition, ['c', '', 'c1', 'w', 'task', '0'])
  await expectFailure('damaged-write', 'corrupt', 'task')
})

test('a checkpoint that a newer version stored', async (context) => {
  const { partition } = await thread('newer-record')
  await hands(context)?.ageRecord(driver, partition, ['c', '', 'c1'])
  await expectFailure('newer-record', 'format', 'c1')
})

test("another program's value under the key of the thread", async (context) => {
  const { partition } = await thread('occupied')
  await hands(context)?.occupyPartition(driver, partition)
  await expectFailure('occupied', 'foreign', 'occupied')
  const saver = new CairnSaver(driver)
  const put = saver.put({ configurable: { thread_id: 'occupied' } }, emptyCheckpoint(), metadata, {})
  await expect(put).rejects.toMatchObject({ code: 'foreign' })
})

test('the past of a thread that a failover brought back', async (context) => {
  const { lab } = cell
  if (lab === undefined) return context.skip(NO_PAST)
  const saver = new CairnSaver(driver)
  const texts = ['one ', 'two ', 'two '].map((text) => text.repeat(200))
  const key = `${cell.keyPrefix}:{${threads.partition('thrown-back').id}}`
  const node = await primaryOfKey(lab, key)
  const put = async (step: number): Promise<unknown> =>
    await saver.put(
      { configurable: { thread_id: 'thrown-back' } },
      {
        ...emptyCheckpoint(),
        id: `c${step}`,
        channel_values: { text: texts[step] },
        channel_versions: { text: step },
      },
      metadata,
      { text: step },
    )
  await put(0)
  const past = (await node.commandBytes('DUMP', key)) as Buffer
  await put(1)
  await node.command('RESTORE', key, '0', past, 'REPLACE')
  // The same text as in the checkpoint that was lost: the process knows of it, and the server does not any more.
  await put(2)
  const tuple = await new CairnSaver(driver).getTuple({ configurable: { thread_id: 'thrown-back' } })
  expect(tuple?.checkpoint.channel_values).toEqual({ text: texts[2] })
})

test('a member whose score was changed by hand', async (context) => {
  const { lab } = cell
  if (lab === undefined) return context.skip(NO_HANDS)
  const { partition } = await thread('scored')
  const key = `${cell.keyPrefix}:{${partition}}`
  const node = await primaryOfKey(lab, key)
  const members = (await node.commandBytes('ZRANGE', key, '1', '1')) as Buffer[]
  await node.command('ZADD', key, '1', members[0] as Buffer)
  await expectFailure('scored', 'corrupt', 'score')
})

test('a record that is well kept and means nothing', async () => {
  await thread('nonsense')
  const partition = threads.partition('nonsense')
  const nonsense = [
    new Uint8Array(0),
    Uint8Array.of(1),
    Uint8Array.of(1, 0, 0, 0, 2, 0x7b),
    Buffer.from('{"not":"ours"}'),
  ]
  for (const bytes of nonsense) {
    await partition.commit({ mutations: [{ type: 'put', key: ['c', '', 'c1'], bytes }] })
    await expectFailure('nonsense', bytes[0] === 0x7b ? 'format' : 'corrupt', 'c1')
  }
})

test('a checkpoint and a write of another thread, under the same keys', async () => {
  await Promise.all(['its-own', 'of-another'].map(async (threadId) => await thread(threadId)))
  const [mine, theirs] = [threads.partition('its-own'), threads.partition('of-another')]
  for (const key of [
    ['c', '', 'c1', 'w', 'task', '0'],
    ['c', '', 'c1'],
  ]) {
    const [{ record }] = await theirs.read([{ type: 'get', key }])
    if (record === undefined) throw new Error('It was not stored')
    await mine.commit({ mutations: [{ type: 'put', ...record }] })
    await expectFailure('its-own', 'corrupt', 'c1')
  }
})
