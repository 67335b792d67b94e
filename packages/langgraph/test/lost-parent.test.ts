import { Keyspace } from '@cairnkit/core'
import { createMemoryDriver } from '@cairnkit/memory'
import { type Checkpoint, emptyCheckpoint } from '@langchain/langgraph-checkpoint'
import { expect, test } from 'vitest'
import { CairnSaver } from '../src/index.js'

const metadata = { source: 'loop', step: 0, parents: {} } as const

function checkpoint(values: Record<string, unknown>): Checkpoint {
  const versions = Object.fromEntries(Object.keys(values).map((channel) => [channel, 1]))
  return { ...emptyCheckpoint(), channel_values: values, channel_versions: versions }
}

test('a checkpoint whose parent the storage lost keeps what did not change since', async () => {
  await using driver = createMemoryDriver()
  await driver.open()
  const parent = checkpoint({ question: 'a question' })
  const child = checkpoint({ question: 'a question', answer: 'an answer' })
  const config = await new CairnSaver(driver).put(
    { configurable: { thread_id: 'ada', checkpoint_ns: '' } },
    parent,
    metadata,
    { question: 1 },
  )
  // As after a failover that threw the thread back.
  const thread = new Keyspace(driver, ['thread']).partition('ada')
  const lost = await thread.commit({ mutations: [{ type: 'delete', key: ['c', '', parent.id] }] })
  expect(lost.ok).toBe(true)

  const saver = new CairnSaver(driver)
  const stored = await saver.put(config, child, metadata, { answer: 1 })
  expect((await saver.getTuple(stored))?.checkpoint.channel_values).toEqual(child.channel_values)
})
