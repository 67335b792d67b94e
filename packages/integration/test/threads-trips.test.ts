import { CairnSaver, CairnThreads } from '@cairnkit/langgraph'
import { emptyCheckpoint } from '@langchain/langgraph-checkpoint'
import { afterAll, expect, test } from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { tripCounter } from '../src/trip-counter.js'

const cell = await openCell('threads-trips')
const trips = await tripCounter(cell)
afterAll(async () => {
  await trips[Symbol.asyncDispose]()
  await cell[Symbol.asyncDispose]()
})

const SHARDS = 16
const PAGE = 5
const threads = new CairnThreads(trips.driver, { index: ['user_id'] })
const saver = new CairnSaver(trips.driver, { threads })

async function put(threadId: string): Promise<void> {
  await saver.put(
    { configurable: { thread_id: threadId, checkpoint_ns: '', user_id: 'ada' } },
    emptyCheckpoint(),
    { source: 'loop', step: 0, parents: {} },
    {},
  )
}

test('a page costs a read of each shard, and then three of each of its threads at most, however many threads there are', async () => {
  const costs: number[] = []
  for (const count of [20, 100]) {
    for (let at = 0; at < count; at++) await put(`t${count}-${at}`)
    await threads.flush()
    const page = async (): Promise<void> => {
      expect((await threads.list({ where: { user_id: 'ada' }, limit: PAGE })).threads).toHaveLength(PAGE)
    }
    costs.push((await trips.during(page)).length)
  }
  // One more thread than the page has says whether there is another page.
  for (const cost of costs) expect(cost).toBeLessThanOrEqual(SHARDS + 3 * (PAGE + 1))
})

test('a run of puts costs the directory what two of them do', async () => {
  await put('busy')
  await threads.flush()
  const names = await trips.during(async () => {
    for (let at = 0; at < 20; at++) await put('busy')
  })
  expect(names.length).toBeLessThanOrEqual(22)
})
