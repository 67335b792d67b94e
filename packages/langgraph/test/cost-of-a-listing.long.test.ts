import type { StorageDriver } from '@cairnkit/core'
import { createMemoryDriver } from '@cairnkit/memory'
import type { RunnableConfig } from '@langchain/core/runnables'
import { emptyCheckpoint, uuid6 } from '@langchain/langgraph-checkpoint'
import { expect, test } from 'vitest'
import { CairnSaver } from '../src/index.js'

const CHECKPOINTS = 3
const metadata = { source: 'loop', step: 0, parents: {} } as const

async function withThreads(count: number): Promise<StorageDriver> {
  const driver = createMemoryDriver()
  const saver = new CairnSaver(driver, { healing: 'off' })
  for (let step = 0; step < CHECKPOINTS; step++) {
    for (let thread = 0; thread < count; thread++) {
      const config: RunnableConfig = { configurable: { thread_id: `thread ${thread}`, checkpoint_ns: '' } }
      await saver.put(config, { ...emptyCheckpoint(), id: uuid6(step) }, metadata, {})
    }
  }
  return driver
}

/** What listing them takes of the processor: the least of several, for others run beside it. */
async function leastCost(driver: StorageDriver, threads: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let run = 0; run < 3; run++) {
    const saver = new CairnSaver(driver, { healing: 'off' })
    const before = process.cpuUsage()
    let listed = 0
    for await (const _ of saver.list({})) listed++
    least = Math.min(least, process.cpuUsage(before).user)
    expect(listed).toBe(CHECKPOINTS * threads)
  }
  return least
}

test('eight times as many threads cost about eight times as much to list, and not sixty-four times', async () => {
  await using few = await withThreads(150)
  await using many = await withThreads(1200)
  await leastCost(few, 150)
  expect((await leastCost(many, 1200)) / (await leastCost(few, 150))).toBeLessThan(24)
})
