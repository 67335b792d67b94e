import * as ours from '@langchain/core/messages'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MessageClasses, message, messageOf, valueWith } from './support/arbitrary-values.js'
import { expectSame } from './support/expect-same.js'
import { mutate } from './support/mutate-message.js'
import { type SecondLangchain, copiedLangchain, requiredLangchain } from './support/second-langchain.js'
import { seed } from './support/seed.js'
import { decoded, newCodec, throughEngine, throughStock } from './support/through-engine.js'

let copy: SecondLangchain
beforeAll(async () => {
  copy = await copiedLangchain()
})
afterAll(() => copy[Symbol.asyncDispose]())

const copies: Readonly<Record<string, () => MessageClasses>> = {
  'a copy in another folder': () => copy.messages,
  'the copy for require': requiredLangchain,
}

describe.each(Object.entries(copies))('messages of %s', (_name, classes) => {
  const foreign = (): fc.Arbitrary<ours.BaseMessage> => messageOf(classes())

  test('are of other classes', () => {
    expect(classes().HumanMessage).not.toBe(ours.HumanMessage)
  })

  test('come back as LangGraph’s own serializer gives them back', async () => {
    await fc.assert(fc.asyncProperty(foreign(), expectSame), { seed, numRuns: 1000 })
  })

  test('do so in any value, among others', async () => {
    const mixed = valueWith(fc.oneof(foreign(), message))
    await fc.assert(fc.asyncProperty(mixed, expectSame), { seed, numRuns: 700 })
  })

  test('are encoded right after they were changed at any depth', async () => {
    const list = fc.array(foreign(), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(list, fc.nat(), fc.nat(7), async (messages, at, change) => {
        const codec = newCodec()
        await codec.encode(messages)
        mutate(messages[at % messages.length] as unknown as Record<string, unknown>, change)
        const again = await decoded(newCodec(), await codec.encode(messages))
        expect(again).toStrictEqual(await throughStock(messages))
      }),
      { seed, numRuns: 400 },
    )
  })

  test('are stored as ours are', async () => {
    const call = { id: 't', name: 'search', args: { q: 1 } }
    const listOf = (from: MessageClasses): readonly object[] => [
      new from.HumanMessage({ id: 'm1', content: 'x', additional_kwargs: { a: [1] } }),
      new from.AIMessage({ id: 'm2', content: '', tool_calls: [call] }),
      new from.ToolMessage({ id: 'm3', content: 'y', tool_call_id: 't', artifact: { b: null } }),
      new from.AIMessageChunk({ id: 'm4', content: 'z' }),
      new from.RemoveMessage({ id: 'm1' }),
    ]
    const [theirs, mine] = [listOf(classes()), listOf(ours)]
    for (const at of mine.keys()) expect(await stored(theirs[at])).toEqual(await stored(mine[at]))
    expect(await stored(theirs)).toEqual(await stored(mine))
  })

  test('come back as what the serializer makes of them, whatever their class changes in what it writes', async () => {
    const { HumanMessage, AIMessage } = classes()
    const odd: readonly object[] = [
      new (class HumanMessage extends classes().HumanMessage {})('of a class with the same name'),
      new (class Mine extends HumanMessage {})('of a class with another name'),
      new (class extends AIMessage {
        static override lc_name(): string {
          return 'HumanMessage'
        }
      })('that calls itself another'),
      new (class HumanMessage extends classes().HumanMessage {
        override lc_namespace = ['langchain_core', 'messages', 'human']
      })('of a longer name'),
      new (class HumanMessage extends classes().HumanMessage {
        override get lc_attributes(): { name: string } {
          return { name: 'more than it was made with' }
        }
      })('x'),
      new (class HumanMessage extends classes().HumanMessage {
        override get lc_aliases(): Record<string, string> {
          return { ...super.lc_aliases, content: 'text', name: 'content' }
        }
      })({ content: 'x', name: 'y' }),
      new (class HumanMessage extends classes().HumanMessage {
        override get lc_secrets(): Record<string, string> {
          return { 'additional_kwargs.key': 'KEY' }
        }
      })({ content: 'x', additional_kwargs: { key: 'secret' } }),
      new (class HumanMessage extends classes().HumanMessage {
        override lc_serializable = false
      })('x'),
      new (class HumanMessage extends classes().HumanMessage {
        override toJSON(): never {
          throw new Error('not written')
        }
      })('x'),
      Object.assign(new HumanMessage('x'), { toJSON: (key: string) => record({ content: key }) }),
      Object.freeze(new HumanMessage('x')),
    ]
    for (const each of odd) await expectSameAnywhere(each)
  })
})

/** What is stored of a value: its fragment, and the names of the objects below it, which are hashes of what is in them. */
async function stored(value: unknown): Promise<unknown> {
  const { fragment, children } = await newCodec().encode(value)
  return [fragment, children.map(({ id }) => id)]
}

/** What LangChain writes of a message, but for `others`. */
function record(kwargs: unknown, others: object = {}): object {
  return { lc: 1, type: 'constructor', id: ['langchain_core', 'messages', 'HumanMessage'], kwargs, ...others }
}

const writing = (written: unknown): object => ({ lc_serializable: true, toJSON: () => written })

test('what writes itself as a message and is none comes back as the serializer gives it back', async () => {
  const content = 'x'
  const written: readonly unknown[] = [
    record({ content }),
    record({ content, id: 'm' }),
    record({ content, id: 7 }),
    record({ content, id: null }),
    record({ content, id: undefined, name: undefined }),
    record({ content, unknown: 1 }),
    record({ content, lc: 1 }),
    record({ content, toJSON: () => ({ content: 'another' }) }),
    record({ content, additional_kwargs: { toJSON: () => ({ another: 1 }) } }),
    record({ content, additional_kwargs: new Map([['k', 1]]) }),
    record({ content, additional_kwargs: { n: 1n } }),
    record(new Map([['content', content]])),
    record(Object.assign(Object.create({ inherited: 1 }) as object, { content })),
    record([content]),
    record(undefined),
    record({ content }, { lc: '1' }),
    record({ content }, { lc: 2 }),
    record({ content }, { type: 'not_implemented' }),
    record({ content }, { id: ['langchain_core', 'messages', 'human', 'HumanMessage'] }),
    record({ content }, { id: ['langchain', 'schema', 'HumanMessage'] }),
    record({ content }, { id: ['langchain_core', 'messages', 'BaseMessage'] }),
    record({ content }, { id: ['langchain_core', 'messages', 'constructor'] }),
    record({ content }, { id: 'HumanMessage' }),
    record({ content }, { more: 1 }),
    record({ content }, { lg_name: 'Send', node: 'n', args: 1 }),
    Object.assign(Object.create({ inherited: 1 }) as object, record({ content })),
    Object.defineProperty(record({}), 'kwargs', { value: { content }, enumerable: false }),
    [record({ content })],
    'HumanMessage',
    undefined,
    null,
  ]
  for (const each of written) await expectSameAnywhere(writing(each))
})

async function expectSameAnywhere(value: object): Promise<void> {
  await expectSame(value)
  await expectSame({ held: value, again: [value] })
  await expectSame(Array.from({ length: 6 }, () => value))
  await expectSame([...Array.from({ length: 6 }, () => new ours.HumanMessage('ours')), value])
}

test('a message without the mark of LangChain 1 comes back, and is stored as ours', async () => {
  const value = writing(record({ content: 'x', additional_kwargs: {}, response_metadata: {} }))
  expect(await throughEngine(value)).toStrictEqual(new ours.HumanMessage('x'))
  expect(await stored(value)).toEqual(await stored(new ours.HumanMessage('x')))
})
