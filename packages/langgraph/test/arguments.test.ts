import { createMemoryDriver } from '@cairnkit/memory'
import { HumanMessage, ToolMessage } from '@langchain/core/messages'
import { emptyCheckpoint } from '@langchain/langgraph-checkpoint'
import { describe, expect, test } from 'vitest'
import { CairnSaver } from '../src/index.js'

const config = { configurable: { thread_id: 'ada', checkpoint_ns: '' } }

describe('a misspelt option is refused, with the names that there are', () => {
  const driver = createMemoryDriver()
  test.each<readonly [string, () => unknown, RegExp]>([
    ['of a saver', () => new CairnSaver(driver, { cachebytes: 1 } as never), /"cachebytes"; it has serde,/],
    [
      'of its retries',
      () => new CairnSaver(driver, { retry: { maxAttempt: 1 } } as never),
      /retry .*"maxAttempt"/,
    ],
    [
      'of its durability',
      () => new CairnSaver(driver, { durability: { replica: 1 } } as never),
      /durability .*"replica"/,
    ],
    [
      'of its observer',
      () => new CairnSaver(driver, { observer: { onCal: () => {} } } as never),
      /observer has no option "onCal"; it has onCall,/,
    ],
    ['of the memory driver', () => createMemoryDriver({ clok: Date.now } as never), /"clok"; it has clock/],
  ])('%s', (_, create, message) => {
    expect(create).toThrow(TypeError)
    expect(create).toThrow(message)
  })

  test('of withThread', async () => {
    const run = new CairnSaver(driver).withThread('ada', async () => 'ran', { waitMS: 1 } as never)
    await expect(run).rejects.toThrow(/withThread has no option "waitMS"; it has ttlMs, waitMs, signal/)
  })
})

test('a put without metadata is refused before anything is stored', async () => {
  const saver = new CairnSaver(createMemoryDriver())
  for (const wrong of [undefined, null, 'loop', []]) {
    const put = saver.put(config, emptyCheckpoint(), wrong as never, {})
    await expect(put).rejects.toThrow(/^put needs the metadata of the checkpoint/)
  }
  expect(await saver.getTuple(config)).toBeUndefined()
})

test('a listing of null is that of all threads', async () => {
  const saver = new CairnSaver(createMemoryDriver())
  const metadata = { source: 'loop', step: 0, parents: {} } as const
  for (const id of ['ada', 'bob']) {
    await saver.put({ configurable: { thread_id: id } }, emptyCheckpoint(), metadata, {})
  }
  const threads = new Set<unknown>()
  for await (const tuple of saver.list(null)) threads.add(tuple.config.configurable?.['thread_id'])
  expect(threads).toEqual(new Set(['ada', 'bob']))
})

describe('a value that would be stored, and not come back, is refused with its place', () => {
  const metadata = { source: 'loop', step: 0, parents: {} } as const
  const text = '[unable to serialize, circular reference is too complex to analyze]'
  const messages = [
    new HumanMessage('how much?'),
    new ToolMessage({ tool_call_id: 'c', content: 'balance 5', artifact: { rows: [{ wei: 5n }] } }),
  ]

  const throughItself = new Map<string, unknown>()
  throughItself.set('self', throughItself)

  test.each<readonly [string, unknown, RegExp]>([
    ['in plain data', { rows: [{ id: 7n }] }, /^channel "x" holds a BigInt at \.rows\[0\]\.id: /],
    ['in a message of a list', messages, /^channel "x" holds a BigInt at .*\.artifact\.rows\[0\]\.wei: /],
    ['in a map', new Map([['a key', 1n]]), /^channel "x" holds a BigInt at \.get\("a key"\): /],
    ['itself', 1n, /^channel "x" holds a BigInt: /],
    ['a cycle through a map', throughItself, /^channel "x" holds something that cannot be written as JSON: /],
  ])('%s', async (_, value, message) => {
    const saver = new CairnSaver(createMemoryDriver())
    const checkpoint = { ...emptyCheckpoint(), channel_values: { x: value }, channel_versions: { x: 1 } }
    const put = saver.put(config, checkpoint, metadata, { x: 1 })
    await expect(put).rejects.toThrow(TypeError)
    await expect(put).rejects.toThrow(message)
    const at = { configurable: { ...config.configurable, checkpoint_id: checkpoint.id } }
    await expect(saver.putWrites(at, [['x', value]], 'task')).rejects.toThrow(message)
    expect(await saver.getTuple(config)).toBeUndefined()
  })

  test('but a text that says so is a text', async () => {
    const saver = new CairnSaver(createMemoryDriver())
    const values = { x: text, list: [text], messages: [new HumanMessage(text)] }
    const versions = { x: 1, list: 1, messages: 1 }
    const checkpoint = { ...emptyCheckpoint(), channel_values: values, channel_versions: versions }
    await saver.put(config, checkpoint, metadata, versions)
    expect((await saver.getTuple(config))?.checkpoint.channel_values).toEqual(values)
  })
})
