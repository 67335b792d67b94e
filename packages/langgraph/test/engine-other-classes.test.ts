import * as ours from '@langchain/core/messages'
import fc from 'fast-check'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { type MessageClasses, message, messageOf, valueWith } from './support/arbitrary-values.js'
import { expectSame } from './support/expect-same.js'
import { seed } from './support/seed.js'
import { newCodec, throughEngine, throughStock } from './support/through-engine.js'

// As a bundler does that takes LangChain into the bundle, and leaves LangGraph's serializer out of it.
vi.mock(import('@langchain/core/messages'), async () => {
  const { requiredLangchain } = await import('./support/second-langchain.js')
  return { ...requiredLangchain() }
})

let serializers: MessageClasses
beforeAll(async () => {
  serializers = await vi.importActual<MessageClasses>('@langchain/core/messages')
})

describe('where the serializer has a copy of LangChain of its own', () => {
  test('the classes are others', () => {
    expect(serializers.HumanMessage).not.toBe(ours.HumanMessage)
  })

  test('messages come back as those of the serializer, whoever made them', async () => {
    for (const from of [ours, serializers]) {
      const loaded = (await throughEngine(new from.HumanMessage('x'))) as object
      expect(loaded.constructor).toBe(serializers.HumanMessage)
    }
  })

  test('any value comes back as the serializer gives it back', async () => {
    const both = fc.oneof(message, messageOf(serializers))
    await fc.assert(fc.asyncProperty(both, expectSame), { seed, numRuns: 1000 })
    await fc.assert(fc.asyncProperty(valueWith(both), expectSame), { seed, numRuns: 500 })
  })

  test('what was loaded is known again, and encoded right after it was changed', async () => {
    const list = fc.array(messageOf(serializers), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(list, async (messages) => {
        const loaded = (await throughEngine(messages)) as ours.BaseMessage[]
        const codec = newCodec()
        await codec.encode(loaded)
        for (const each of loaded) each.content = 'changed'
        expect(await throughEngine(loaded, codec)).toStrictEqual(await throughStock(loaded))
      }),
      { seed, numRuns: 200 },
    )
  })
})
