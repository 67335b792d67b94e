import { createMemoryDriver } from '@cairnkit/memory'
import { AIMessage, type BaseMessage, HumanMessage } from '@langchain/core/messages'
import { JsonPlusSerializer, emptyCheckpoint, uuid6 } from '@langchain/langgraph-checkpoint'
import { describe, expect, test } from 'vitest'
import { ValueCodec } from '../src/engine/value-codec.js'
import { type EncodedValue, unknownOf } from '../src/engine/node.js'
import { CairnSaver } from '../src/index.js'
import { decoded, newCodec } from './support/through-engine.js'

function chat(length: number): BaseMessage[] {
  return Array.from({ length }, (_, at) => {
    const fields = { id: `message-${at}`, content: `said ${at}` }
    return at % 2 === 0 ? new HumanMessage(fields) : new AIMessage(fields)
  })
}

/** What must not be looked at. */
const untouchable = new Proxy(
  {},
  {
    get: () => {
      throw new Error('looked at')
    },
  },
)

async function encoded(codec: ValueCodec, value: unknown): Promise<EncodedValue> {
  return await codec.encode(value)
}

describe('the pieces of a value that was stored before', () => {
  test('are at hand without a look at more than the first message', async () => {
    const codec = newCodec()
    const list = chat(400)
    const stored = await encoded(codec, list)
    const [first, ...others] = list
    const again = codec.recall(stored.node, [first, ...others.map(() => untouchable)])
    expect(again === undefined ? undefined : await decoded(codec, again)).toStrictEqual(list)
  })

  test('are at hand for what lies in the record alone', async () => {
    const codec = newCodec()
    const stored = await encoded(codec, { step: 7 })
    expect(codec.recall(stored.node, untouchable)).toEqual({ node: stored.node, below: [] })
  })

  test.each<readonly [string, (codec: ValueCodec, list: BaseMessage[]) => Promise<unknown>]>([
    [
      'a list that begins alike was stored since',
      async (codec, list) => await codec.encode(list.slice(0, -1)),
    ],
    ['the first message was changed', async (_codec, list) => void (list[0] = new HumanMessage('another'))],
    ['there is no list any more', async (_codec, list) => void list.splice(0)],
  ])('are not when %s', async (_, change) => {
    const codec = newCodec()
    const list = chat(40)
    const stored = await encoded(codec, list)
    expect(codec.recall(stored.node, list)).toBeDefined()
    await change(codec, list)
    expect(codec.recall(stored.node, list)).toBeUndefined()
  })

  test('are not when more than one list was stored, or none is remembered', async () => {
    const codec = newCodec()
    const two = await encoded(codec, [chat(40), chat(40).slice(1)])
    expect(codec.recall(two.node, [chat(40)])).toBeUndefined()
    const forgetful = new ValueCodec(() => new JsonPlusSerializer(), 0)
    const list = chat(40)
    expect(forgetful.recall((await encoded(forgetful, list)).node, list)).toBeUndefined()
  })

  test('are not with a serializer of the user’s, which is asked each time', async () => {
    class Own extends JsonPlusSerializer {}
    const codec = new ValueCodec(() => new Own(), 1_000_000)
    expect(codec.recall((await encoded(newCodec(), 'text')).node, 'text')).toBeUndefined()
  })
})

describe('a channel that did not change', () => {
  const metadata = { source: 'loop', step: 0, parents: {} } as const
  const thread = { configurable: { thread_id: 'ada', checkpoint_ns: '' } }

  test('is stored whole when the thread has gone since it was read', async () => {
    await using driver = createMemoryDriver()
    const saver = new CairnSaver(driver)
    const messages = chat(100)
    await saver.put(
      thread,
      { ...emptyCheckpoint(), channel_values: { messages }, channel_versions: { messages: 1 } },
      metadata,
      { messages: 1 },
    )
    const read = await saver.getTuple(thread)
    if (read === undefined) throw new Error('no tuple')
    await new CairnSaver(driver).deleteThread('ada')

    const { channel_values: values, channel_versions: versions } = read.checkpoint
    await saver.put(
      read.config,
      {
        ...read.checkpoint,
        id: uuid6(1),
        channel_values: { ...values, input: 'a question' },
        channel_versions: { ...versions, input: 2 },
      },
      metadata,
      { input: 2 },
    )

    const found = await new CairnSaver(driver).getTuple(thread)
    expect(found?.checkpoint.channel_values).toStrictEqual({ messages, input: 'a question' })
  })

  test('sends nothing of its list', async () => {
    const codec = newCodec()
    const list = chat(400)
    const stored = await encoded(codec, list)
    const held = new Set(unknownOf(stored.below, () => false).keys())
    const again = codec.recall(stored.node, list)
    expect([...unknownOf(again?.below ?? [], (id) => held.has(id)).keys()]).toEqual([])
  })
})
