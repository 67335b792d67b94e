import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { Keyspace, type Partition, type StorageDriver } from '@cairnkit/core'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import { checkpointOf, metadata, uniqueId, versionsOf } from '../checkpointer/scene.js'
import type { TestRunner } from '../runner.js'
import type { ListedThread, ThreadsHarness, ThreadsUnderTest } from './harness.js'

const TEST_TIMEOUT_MS = 120_000
/** LangGraph's name of the channel of interrupts. */
const INTERRUPT = '__interrupt__'

const HOUR_MS = 3_600_000
const THREADS_TO_PAGE = 300

interface Scene {
  readonly driver: StorageDriver
  readonly threads: ThreadsUnderTest
  readonly saver: BaseCheckpointSaver
  /** Differs in each test, and is indexed: each test sees its own threads. */
  readonly user: string
  readonly put: (threadId: string, options?: PutOptions) => Promise<void>
}

interface PutOptions {
  readonly by?: BaseCheckpointSaver
  readonly id?: string
  readonly values?: Record<string, unknown>
  readonly more?: Readonly<Record<string, unknown>>
}

/** Defines the tests of a directory of threads that savers tell of what happens. */
export function describeThreads(runner: TestRunner, harness: ThreadsHarness): void {
  runner.describe(`${harness.name} is a directory of threads`, () => {
    let driver: StorageDriver
    runner.beforeAll(async () => {
      driver = await harness.createDriver()
    })
    const test = (title: string, body: (scene: Scene) => Promise<void>): unknown =>
      runner.it(
        title,
        async () => {
          const user = uniqueId('user')
          const threads = harness.createThreads(driver, {
            index: ['user_id', 'tenant'],
            preview: ({ title: text }) => String(text),
          })
          const saver = harness.createSaver(driver, threads)
          await body({
            ...{ driver, threads, saver, user },
            put: async (threadId, { by = saver, id = checkpointId(), values = {}, more = {} } = {}) => {
              await by.put(
                { configurable: { thread_id: threadId, checkpoint_ns: '', user_id: user, ...more } },
                checkpointOf(id, values),
                metadata,
                versionsOf(values),
              )
            },
          })
          await threads.flush()
          await threads.deleteMany({ where: { user_id: user } })
          equal(await rawRecords(driver, user), 0, 'something of the test is left in the directory')
        },
        TEST_TIMEOUT_MS,
      )

    test('a thread that a saver stores is listed with what its run said of itself', async ({
      threads,
      user,
      put,
    }) => {
      await put('a'.concat(user), { values: { title: 'Travel' }, more: { tenant: 'blue' } })
      await threads.flush()
      const { threads: listed, cursor } = await threads.list({ where: { user_id: user } })
      equal(cursor, undefined)
      deepEqual(
        listed.map(({ threadId, metadata: of, preview, status }) => ({ threadId, of, preview, status })),
        [
          {
            threadId: `a${user}`,
            of: { user_id: user, tenant: 'blue' },
            preview: 'Travel',
            status: 'idle',
          },
        ],
      )
    })

    test('a new thread is listed by the process that has stored it, without more ado', async ({
      threads,
      user,
      put,
    }) => {
      for (let at = 0; at < 5; at++) {
        await put(`n${at}-${user}`)
        equal((await threads.list({ where: { user_id: user } })).threads.length, at + 1)
        equal(await threads.count({ where: { user_id: user } }), at + 1)
      }
    })

    test('an interrupt waits until the next checkpoint', async ({ threads, saver, user, put }) => {
      const threadId = `t-${user}`
      const id = checkpointId()
      await put(threadId, { id })
      await saver.putWrites(
        { configurable: { thread_id: threadId, checkpoint_ns: '', checkpoint_id: id } },
        [[INTERRUPT, [{ id: 'q', value: 'Which?' }]]],
        'task',
      )
      await threads.flush()
      const waiting = await threads.get(threadId)
      equal(waiting.status, 'interrupted')
      deepEqual(waiting.interrupts, { task: [{ id: 'q', value: 'Which?' }] })
      await put(threadId)
      await threads.flush()
      equal((await threads.get(threadId)).status, 'idle')
    })

    test(`${THREADS_TO_PAGE} threads are paged, each once, in both orders`, async ({
      threads,
      user,
      put,
    }) => {
      const ids = Array.from({ length: THREADS_TO_PAGE }, (_, at) => `p${at}-${user}`)
      for (let at = 0; at < ids.length; at += 30)
        await Promise.all(ids.slice(at, at + 30).map(async (id) => await put(id)))
      await threads.flush()
      equal(await threads.count({ where: { user_id: user } }), ids.length)
      for (const sortOrder of ['asc', 'desc'] as const) {
        for (const sortBy of ['created_at', 'updated_at'] as const) {
          const all = await everyPage(threads, { where: { user_id: user }, sortBy, sortOrder, limit: 37 })
          deepEqual(all.map(({ threadId }) => threadId).toSorted(), ids.toSorted())
          const times = all.map((thread) => (sortBy === 'created_at' ? thread.createdAt : thread.updatedAt))
          deepEqual(times, sortOrder === 'asc' ? times.toSorted() : times.toSorted().toReversed())
        }
      }
    })

    test('pages by creation stay as they are while threads are written and deleted', async ({
      threads,
      user,
      put,
    }) => {
      const ids = Array.from({ length: 20 }, (_, at) => `s${at}-${user}`)
      await Promise.all(ids.map(async (id) => await put(id)))
      await threads.flush()
      const query = { where: { user_id: user }, sortBy: 'created_at', limit: 7 } as const
      const first = await threads.list(query)
      const [gone, ...staying] = first.threads.map(({ threadId }) => threadId)
      await threads.delete(gone as string)
      await Promise.all([...staying, `new-${user}`].map(async (id) => await put(id)))
      await threads.flush()
      const rest = await everyPage(threads, query, first.cursor)
      deepEqual(
        [gone as string, ...staying, ...rest.map(({ threadId }) => threadId)].toSorted(),
        ids.toSorted(),
      )
    })

    test('a deleted thread leaves nothing, and a late write of another process does not bring it back', async ({
      driver: storage,
      threads,
      user,
      put,
    }) => {
      const other = harness.createThreads(storage, { index: ['user_id', 'tenant'] })
      const saver = harness.createSaver(storage, other)
      const threadId = `d-${user}`
      await put(threadId, { by: saver })
      await threads.delete(threadId)
      await other.flush()
      await put(threadId, { by: saver })
      await Promise.all([threads.delete(threadId), other.flush()])
      equal(await rawRecords(storage, threadId), 0)
      deepEqual((await threads.list({ where: { user_id: user } })).threads, [])
      await rejects(threads.get(threadId), { code: 'not-found' })
    })

    test('two processes write, delete and list the same threads', async ({
      driver: storage,
      threads,
      saver,
      user,
      put,
    }) => {
      const other = harness.createThreads(storage, { index: ['user_id'] })
      const otherSaver = harness.createSaver(storage, other)
      const ids = Array.from({ length: 6 }, (_, at) => `c${at}-${user}`)
      for (let round = 0; round < 12; round++) {
        await Promise.all(
          ids.flatMap((id, at) => [
            put(id, { by: round % 2 === 0 ? saver : otherSaver }),
            (at + round) % 3 === 0 ? otherSaver.deleteThread(id) : threads.flush(),
            threads.list({ where: { user_id: user } }),
            other.flush(),
          ]),
        )
      }
      await threads.flush()
      await other.flush()
      const there: string[] = []
      for (const id of ids) {
        const tuple = await saver.getTuple({ configurable: { thread_id: id } })
        if (tuple !== undefined) there.push(id)
        else equal(await rawRecords(storage, id), 0, `thread ${id} is gone, and its entry is not`)
      }
      const { threads: listed } = await threads.list({ where: { user_id: user } })
      deepEqual(listed.map(({ threadId }) => threadId).toSorted(), there.toSorted())
    })

    test('a thread that ends leaves every page and every count', async ({
      driver: storage,
      threads,
      user,
      put,
    }) => {
      await put(`e1-${user}`)
      await put(`e2-${user}`)
      await threads.flush()
      await threads.update(`e1-${user}`, { ttlMs: HOUR_MS })
      await threads.flush()
      const thread = await threads.get(`e1-${user}`)
      equal(thread.ttlMs, HOUR_MS)
      ok(thread.expiresAt !== null)
      // As its end would: the whole partition goes at once, and nobody is told.
      await partitionOf(storage, `e1-${user}`).drop()
      const { threads: listed } = await threads.list({ where: { user_id: user } })
      deepEqual(
        listed.map(({ threadId }) => threadId),
        [`e2-${user}`],
      )
      await threads.flush()
      equal(await threads.count({ where: { user_id: user } }), 1)
      equal(await rawRecords(storage, `e1-${user}`), 0)
    })

    test('a pinned thread does not end, and one that is unpinned does', async ({
      driver: storage,
      threads,
      user,
      put,
    }) => {
      const threadId = `pin-${user}`
      await put(threadId)
      await threads.flush()
      await threads.update(threadId, { ttlMs: HOUR_MS })
      await threads.pin(threadId)
      const pinned = await threads.get(threadId)
      deepEqual([pinned.isPinned, pinned.expiresAt], [true, null])
      await put(threadId)
      const [info] = await partitionOf(storage, threadId).read([{ type: 'info' }])
      equal(info.ttlMs, null)
      await threads.unpin(threadId)
      ok((await threads.get(threadId)).expiresAt !== null)
      await rejects(threads.pin(`none-${user}`), { code: 'not-found' })
    })

    test('a thread is made before its first run, and only once', async ({ threads, user, put }) => {
      const options = { threadId: `m-${user}`, metadata: { user_id: user, title: 'Plan' } }
      const made = await Promise.allSettled(
        Array.from({ length: 5 }, async () => await threads.create(options)),
      )
      equal(made.filter(({ status }) => status === 'fulfilled').length, 1)
      await rejects(threads.create(options), { code: 'exists' })
      equal((await threads.create({ ...options, ifExists: 'do_nothing' })).threadId, options.threadId)
      await put(options.threadId)
      await threads.flush()
      const listed = await threads.list({ where: { user_id: user } })
      deepEqual(
        listed.threads.map(({ metadata: of }) => of['title']),
        ['Plan'],
      )
      const updated = await threads.update(options.threadId, { metadata: { title: 'Trip' } })
      equal(updated.metadata['title'], 'Trip')
    })

    test('a copy is a thread of its own', async ({ threads, saver, user, put }) => {
      await put(`from-${user}`, { values: { title: 'One' } })
      await threads.flush()
      const copied = await threads.copy(`from-${user}`, `to-${user}`)
      equal(copied.preview, 'One')
      ok((await saver.getTuple({ configurable: { thread_id: `to-${user}` } })) !== undefined)
      await rejects(threads.copy(`from-${user}`, `to-${user}`), { code: 'exists' })
    })

    test('a directory that was lost is written again by reindex', async ({
      driver: storage,
      threads,
      user,
      put,
    }) => {
      await put(`r1-${user}`)
      const silent = harness.createSaver(storage, undefined)
      await threads.flush()
      await put(`r2-${user}`, { by: silent })
      for (const shard of shardsOf(storage)) await shard.drop()
      deepEqual((await threads.list({ where: { user_id: user } })).threads, [])
      await threads.reindex()
      const { threads: listed } = await threads.list({ where: { user_id: user } })
      deepEqual(listed.map(({ threadId }) => threadId).toSorted(), [`r1-${user}`, `r2-${user}`])
    })

    test('a search goes by offset, and tells how many there are', async ({ threads, user, put }) => {
      for (let at = 0; at < 5; at++) await put(`o${at}-${user}`)
      await threads.flush()
      const found: ListedThread[] = []
      for await (const { thread, total } of threads.search({
        metadata: { user_id: user },
        limit: 2,
        offset: 1,
      })) {
        found.push(thread)
        equal(total, 5)
      }
      equal(found.length, 2)
      const [first] = found
      equal((JSON.parse(JSON.stringify(first)) as { thread_id: string }).thread_id, first?.threadId)
    })

    test('what LangGraph asks of a saver of threads is answered', async ({ threads, user }) => {
      const threadId = crypto.randomUUID()
      await threads.set(threadId, { kind: 'put', metadata: { user_id: user } })
      const patched = await threads.set(threadId, { kind: 'patch', metadata: { graph_id: 'agent' } })
      deepEqual(patched.metadata, { user_id: user, graph_id: 'agent' })
      equal((await threads.get(threadId)).thread_id, threadId)
    })

    test('mistakes are a TypeError that says what to do', async ({ driver: storage, threads, user, put }) => {
      const mistake = (part: RegExp) => ({ name: 'TypeError', message: part })
      await rejects(threads.list({ where: { color: 'red' } }), mistake(/not indexed.*index: /s))
      await rejects(threads.list({ cursor: 'nonsense' }), mistake(/cursor/))
      await rejects(threads.list({ limit: 0 }), mistake(/limit/))
      await rejects(threads.list({ wher: {} } as never), mistake(/wher/))
      await rejects(threads.deleteMany({ where: {} }), mistake(/where/))
      await rejects(threads.search({ offset: 10_001 }).next(), mistake(/cursor/))
      await Promise.all([0, 1].map(async (at) => await put(`q${at}-${user}`)))
      await threads.flush()
      const { cursor } = await threads.list({ where: { user_id: user }, limit: 1 })
      await rejects(threads.list({ cursor, limit: 1 }), mistake(/another where/))
      for (const ttlMs of [0, -1, 0.5, Number.NaN])
        await rejects(threads.update(`q0-${user}`, { ttlMs }), mistake(/ttlMs/))
      await rejects(harness.createThreads(storage, { shards: 7 }).list(), mistake(/16 shards/))
    })

    test('ids of any characters are found', async ({ threads, user, put }) => {
      const ids = ['', ':', '{x}', '\0', 'é', '\u{1F30D}', '\uD800', 'a\u0001b', '%41', '..'].map(
        (id) => id + user,
      )
      for (const id of ids) await put(id)
      await threads.flush()
      const all = await everyPage(threads, { where: { user_id: user }, limit: 3 })
      deepEqual(all.map(({ threadId }) => threadId).toSorted(), ids.toSorted())
    })
  })
}

let count = 0
function checkpointId(): string {
  count += 1
  return `1f000000-${String(count).padStart(4, '0')}-6000-8000-000000000000`
}

async function everyPage(
  threads: ThreadsUnderTest,
  query: Parameters<ThreadsUnderTest['list']>[0],
  from?: string,
): Promise<ListedThread[]> {
  const all: ListedThread[] = []
  let cursor = from
  do {
    const page = await threads.list({ ...query, cursor })
    all.push(...page.threads)
    cursor = page.cursor
  } while (cursor !== undefined)
  return all
}

function partitionOf(driver: StorageDriver, threadId: string): Partition {
  return new Keyspace(driver, ['thread']).partition(threadId)
}

function shardsOf(driver: StorageDriver): Partition[] {
  const directory = new Keyspace(driver, ['threads'])
  return Array.from({ length: 16 }, (_, shard) => directory.partition(String(shard)))
}

/** How many records of the directory speak of something. */
async function rawRecords(driver: StorageDriver, text: string): Promise<number> {
  let found = 0
  for (const shard of shardsOf(driver)) {
    const [{ records }] = await shard.read([{ type: 'range', prefix: [] }])
    found += records.filter(({ key }) => key.some((element) => element.includes(text))).length
  }
  return found
}
