import { objectId } from '@cairnkit/core'
import { createMemoryDriver } from '@cairnkit/memory'
import { AIMessage, type BaseMessage, HumanMessage } from '@langchain/core/messages'
import { emptyCheckpoint, uuid6 } from '@langchain/langgraph-checkpoint'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unframeFragment } from '../src/engine/fragments/fragment.js'
import { decodeObject } from '../src/engine/objects/decoded-object.js'
import { findDecoded } from '../src/engine/objects/find-decoded.js'
import { missingObjects } from '../src/engine/objects/new-object.js'
import { ObjectCache } from '../src/engine/objects/object-cache.js'
import { CairnSaver } from '../src/index.js'
import { value as anyValue } from './support/arbitrary-values.js'
import { seed } from './support/seed.js'
import { newCodec } from './support/through-engine.js'

function chat(length: number): BaseMessage[] {
  return Array.from({ length }, (_, at) => {
    const fields = { id: `message-${at}`, content: `said ${at}` }
    return at % 2 === 0 ? new HumanMessage(fields) : new AIMessage(fields)
  })
}

/** A value whose content throws when somebody looks at it. */
function untouchable(): Record<string, unknown> {
  return Object.defineProperty({}, 'content', {
    enumerable: true,
    get: () => {
      throw new Error('looked at')
    },
  })
}

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

  test.each([
    ['a list of messages', chat(100)],
    ['a large value', { text: 'large '.repeat(1000) }],
    ['a small one', { text: 'small' }],
  ])('is not looked at while the process holds its pieces: %s', async (_, value) => {
    await using driver = createMemoryDriver()
    const saver = new CairnSaver(driver)
    const first = await saver.put(
      thread,
      { ...emptyCheckpoint(), channel_values: { value }, channel_versions: { value: 1 } },
      metadata,
      { value: 1 },
    )
    const id = uuid6(1)
    await saver.put(
      first,
      {
        ...emptyCheckpoint(),
        id,
        channel_values: { value: untouchable() },
        channel_versions: { value: 1 },
      },
      metadata,
      {},
    )
    const found = await new CairnSaver(driver).getTuple(thread)
    expect(found?.checkpoint.id).toBe(id)
    expect(found?.checkpoint.channel_values).toStrictEqual({ value })
  })

  test('is taken to pieces where the process does not hold them', async () => {
    await using driver = createMemoryDriver()
    const saver = new CairnSaver(driver, { cacheBytes: 0 })
    const value = { text: 'large '.repeat(1000) }
    const first = await saver.put(
      thread,
      { ...emptyCheckpoint(), channel_values: { value }, channel_versions: { value: 1 } },
      metadata,
      { value: 1 },
    )
    const checkpoint = {
      ...emptyCheckpoint(),
      id: uuid6(1),
      channel_values: { value: untouchable() },
      channel_versions: { value: 1 },
    }
    await expect(saver.put(first, checkpoint, metadata, {})).rejects.toThrow('looked at')
  })
})

describe('pieces of the cache', () => {
  test('are written as they were read', async () => {
    const cache = new ObjectCache(10_000_000)
    const values = fc.array(anyValue, { minLength: 1, maxLength: 5 })
    const property = fc.asyncProperty(values, async (several) => {
      const codec = newCodec()
      for (const value of [...several, chat(60)]) {
        const { children } = await codec.encode(value)
        const written = missingObjects(children, () => false)
        for (const [id, { bytes, refs }] of written) {
          const opened = decodeObject(unframeFragment({ bytes: bytes(), refs }), id)
          if (opened !== undefined) cache.set(id, opened)
        }
        const tops = children.map(({ id }) => id)
        const found = missingObjects(findDecoded(cache, tops) ?? [], () => false)
        expect([...found.keys()].toSorted()).toEqual([...written.keys()].toSorted())
        for (const [id, { bytes, refs }] of found) expect(objectId(bytes(), refs)).toBe(id)
      }
    })
    await fc.assert(property, { seed, numRuns: 200 })
  })
})
