import { Keyspace, type StorageDriver } from '@cairnkit/core'
import { createMemoryDriver } from '@cairnkit/memory'
import { emptyCheckpoint } from '@langchain/langgraph-checkpoint'
import { describe, expect, test } from 'vitest'
import { CairnSaver, CairnThreads, type ThreadsObserver } from '../src/index.js'
import { decodeCursor, encodeCursor } from '../src/threads/cursor.js'
import { afterNews, emptyEntry } from '../src/threads/entry-change.js'
import { resolveQuery } from '../src/threads/thread-query.js'
import { timeOfId } from '../src/threads/time-of-id.js'

const news = {
  ageMs: 0,
  bornMsAgo: undefined,
  tags: {},
  preview: undefined,
  checkpointId: undefined,
  waiting: undefined,
  failed: undefined,
  ttlMs: undefined,
}

describe('an entry after news', () => {
  test('is the same whatever the order in which processes tell of their checkpoints', () => {
    const first = { ...news, ageMs: 20, checkpointId: '1', preview: 'one', tags: { a: '1' } }
    const second = { ...news, ageMs: 10, checkpointId: '2', preview: 'two', tags: { b: '2' } }
    const inOrder = afterNews(afterNews(undefined, first, ['a'], 1000), second, ['b'], 1000)
    const reversed = afterNews(afterNews(undefined, second, ['b'], 1000), first, ['a'], 1000)
    expect({ ...reversed, createdAtMs: 0, indexed: reversed.indexed.toSorted() }).toEqual({
      ...inOrder,
      createdAtMs: 0,
      indexed: inOrder.indexed.toSorted(),
    })
    expect(inOrder.preview).toBe('two')
  })

  test('keeps an interrupt at its checkpoint, whichever of them comes first, and loses it with the next one', () => {
    const waiting = { checkpointId: '2', interrupts: { task: [{ id: 'q' }] } }
    const told = afterNews(undefined, { ...news, waiting }, [], 1000)
    const put = afterNews(told, { ...news, checkpointId: '2' }, [], 1000)
    expect(put.waiting).toEqual(waiting)
    expect(afterNews(put, { ...news, checkpointId: '3' }, [], 1000).waiting).toBeUndefined()
  })

  test('has nothing of an earlier thread of the same id', () => {
    const before = { ...emptyEntry(1000), metadata: { title: 'old' } }
    const after = afterNews(before, { ...news, bornMsAgo: 5, ageMs: 5, checkpointId: '1' }, [], 2000)
    expect(after.metadata).toEqual({})
    expect(after.createdAtMs).toBe(1995)
  })
})

test('a cursor belongs to its query', () => {
  const query = resolveQuery({ where: { user_id: 'ada' } }, ['user_id'])
  const at = { time: '000000000001000', threadId: '\uD800:x' }
  expect(decodeCursor(query, encodeCursor(query, at))).toEqual(at)
  const other = resolveQuery({ where: { user_id: 'bob' } }, ['user_id'])
  expect(() => decodeCursor(other, encodeCursor(query, at))).toThrow(/another where/)
})

test('the id of a checkpoint tells its time', () => {
  expect(timeOfId('1efc8000-0000-6000-8000-000000000000')).toBeGreaterThan(Date.UTC(2024, 0))
  expect(timeOfId('c1')).toBeUndefined()
})

async function put(
  saver: CairnSaver,
  threadId: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const config = { configurable: { thread_id: threadId, checkpoint_ns: '', ...more } }
  await saver.put(config, emptyCheckpoint(), { source: 'loop', step: 0, parents: {} }, {})
}

describe('beside the runs', () => {
  test('a thread that cannot be listed holds up no other, and the observer hears of it', async () => {
    const failures: unknown[] = []
    const observer: ThreadsObserver = { onBackgroundFailure: ({ error }) => failures.push(error) }
    const driver = withSmallKeys(createMemoryDriver())
    const threads = new CairnThreads(driver, { observer, shards: 1 })
    const saver = new CairnSaver(driver, { threads })
    const long = 'x'.repeat(60)
    await Promise.all([put(saver, long), put(saver, 'short')])
    await expect(threads.flush()).rejects.toMatchObject({ code: 'limit' })
    expect((await threads.list()).threads.map(({ threadId }) => threadId)).toEqual(['short'])
    expect(failures).toHaveLength(1)
  })

  test('a preview that throws fails no run', async () => {
    const failures: unknown[] = []
    const driver = createMemoryDriver()
    const threads = new CairnThreads(driver, {
      observer: { onBackgroundFailure: ({ error }) => failures.push(error) },
      preview: () => {
        throw new Error('no title')
      },
    })
    await put(new CairnSaver(driver, { threads }), 'a')
    await threads.flush()
    expect((await threads.get('a')).preview).toBeUndefined()
    expect(failures).toHaveLength(1)
  })

  test('a thread is busy while a lease on it is held', async () => {
    const driver = createMemoryDriver()
    const threads = new CairnThreads(driver)
    const saver = new CairnSaver(driver, { threads })
    await put(saver, 'a')
    await threads.flush()
    await saver.withThread('a', async () => expect((await threads.get('a')).status).toBe('busy'))
    expect((await threads.get('a')).status).toBe('idle')
  })

  test('a thread that was deleted between its write and its entry leaves no entry', async () => {
    const driver = createMemoryDriver()
    const directory = new Keyspace(driver, ['threads'])
    let dropBefore: string | undefined
    const racing: StorageDriver = new Proxy(driver, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        if (name !== 'commit') return value.bind(target) as unknown
        return async (...args: Parameters<StorageDriver['commit']>) => {
          if (args[0] === 'threads:0' && dropBefore !== undefined) {
            await new Keyspace(driver, ['thread']).partition(dropBefore).drop()
            dropBefore = undefined
          }
          return await driver.commit(...args)
        }
      },
    })
    const threads = new CairnThreads(racing, { shards: 1 })
    await put(new CairnSaver(racing, { threads }), 'a')
    dropBefore = 'a'
    await threads.flush()
    const [{ records }] = await directory.partition('0').read([{ type: 'range', prefix: [] }])
    expect(records).toEqual([])
  })
})

/** The keys of the directory hold the id of a thread and more. */
function withSmallKeys(driver: StorageDriver): StorageDriver {
  const { limits } = driver.capabilities
  const capabilities = { ...driver.capabilities, limits: { ...limits, maxKeyBytes: 70 } }
  return new Proxy(driver, {
    get: (target, name) => {
      if (name === 'capabilities') return capabilities
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}
