import type { StorageDriver } from '@cairnkit/core'
import { createMemoryDriver } from '@cairnkit/memory'
import * as ours from '@langchain/core/messages'
import { emptyCheckpoint, uuid6 } from '@langchain/langgraph-checkpoint'
import { expect, test } from 'vitest'
import { CairnSaver } from '../src/index.js'
import type { MessageClasses } from './support/arbitrary-values.js'
import { requiredLangchain } from './support/second-langchain.js'

/** A driver that counts the bytes that are stored. */
function counted(): { readonly driver: StorageDriver; readonly stored: { bytes: number } } {
  const driver = createMemoryDriver()
  const stored = { bytes: 0 }
  const commit = driver.commit.bind(driver)
  driver.commit = async (partition, batch, options) => {
    for (const mutation of batch.mutations ?? [])
      if ('bytes' in mutation) stored.bytes += mutation.bytes.length
    return await commit(partition, batch, options)
  }
  return { driver, stored }
}

type Config = { readonly configurable: { readonly thread_id: string; readonly checkpoint_ns: string } }

const config: Config = { configurable: { thread_id: 'ada', checkpoint_ns: '' } }
const metadata = { source: 'loop', step: 0, parents: {} } as const
const TURNS = 40
const WORDS = 500

/** The bytes that a chat stores whose messages are made by a copy of LangChain. */
async function storedBytes(classes: MessageClasses, isRead: boolean): Promise<number> {
  const { driver, stored } = counted()
  await using _ = driver
  const saver = new CairnSaver(driver)
  let at: Config = config
  let messages: ours.BaseMessage[] = []
  let step = 0
  const checkpointWith = async (message: ours.BaseMessage): Promise<void> => {
    step += 1
    messages = [...messages, message]
    const checkpoint = {
      ...emptyCheckpoint(),
      id: uuid6(step),
      channel_values: { messages },
      channel_versions: { messages: step },
    }
    at = (await saver.put(at, checkpoint, metadata, { messages: step })) as Config
  }
  const put = async (message: ours.BaseMessage): Promise<void> => {
    await saver.putWrites(at, [['messages', [message]]], `task ${step}`)
    await checkpointWith(message)
  }
  await checkpointWith(new classes.SystemMessage({ id: 'system', content: 'be brief' }))
  for (let turn = 0; turn < TURNS; turn++) {
    if (isRead) {
      const tuple = await saver.getTuple(config)
      messages = tuple?.checkpoint.channel_values['messages'] as ours.BaseMessage[]
    }
    await put(new classes.HumanMessage({ id: `q${turn}`, content: `${turn} `.padEnd(WORDS, 'q') }))
    await put(new classes.AIMessage({ id: `a${turn}`, content: `${turn} `.padEnd(WORDS, 'a') }))
  }
  return stored.bytes
}

test.each([
  ['a run that holds its messages', false],
  ['turns that each read the thread', true],
])('a chat of messages of another copy of LangChain stores what one of ours does: %s', async (_, isRead) => {
  const mine = await storedBytes(ours, isRead)
  const theirs = await storedBytes(requiredLangchain(), isRead)
  expect(mine).toBeGreaterThan(TURNS * 2 * WORDS)
  expect(theirs).toBeLessThan(1.01 * mine)
})
