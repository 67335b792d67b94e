import { createMemoryDriver } from '@cairnkit/memory'
import { AIMessage, HumanMessage } from '@langchain/core/messages'
import { emptyCheckpoint } from '@langchain/langgraph-checkpoint'
import { expect, test } from 'vitest'
import { CairnSaver } from '../src/index.js'

const config = { configurable: { thread_id: 'thread', checkpoint_ns: '' } }
const metadata = { source: 'loop' as const, step: 0, parents: {} }

async function messagesOf(saver: CairnSaver): Promise<AIMessage[]> {
  return (await saver.getTuple(config))?.checkpoint.channel_values['messages'] as AIMessage[]
}

test.each([
  ['by the saver that wrote them', (saver: CairnSaver) => saver],
  [
    'by another one',
    (_: CairnSaver, driver: ReturnType<typeof createMemoryDriver>) => new CairnSaver(driver),
  ],
])(
  'messages that are read %s are fresh, with the fields that they have and do not use',
  async (_, readerOf) => {
    const driver = createMemoryDriver()
    const writer = new CairnSaver(driver)
    const messages = [
      new HumanMessage({ id: '1', content: 'hi' }),
      new AIMessage({ id: '2', content: 'hello' }),
      new AIMessage({ id: '3', content: 'hello again' }),
    ]
    const checkpoint = {
      ...emptyCheckpoint(),
      channel_values: { messages },
      channel_versions: { messages: 1 },
    }
    await writer.put(config, checkpoint, metadata, { messages: 1 })
    const reader = readerOf(writer, driver)
    const pristine = JSON.stringify(await messagesOf(reader))
    // What was read once is remembered.
    for (let round = 0; round < 3; round++) {
      const read = await messagesOf(reader)
      expect(JSON.stringify(read)).toBe(pristine)
      for (const message of read) {
        message.additional_kwargs['spoilt'] = true
        Object.assign(message.response_metadata, { spoilt: true })
        message.tool_calls?.push({ name: 'spoilt', args: {} })
        message.invalid_tool_calls?.push({ type: 'invalid_tool_call', name: 'spoilt' })
      }
    }
  },
)
