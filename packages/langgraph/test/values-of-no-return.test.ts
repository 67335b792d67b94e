import { inspect } from 'node:util'
import { StorageError } from '@cairnkit/core'
import { createMemoryDriver } from '@cairnkit/memory'
import { AIMessage, type BaseMessage, HumanMessage } from '@langchain/core/messages'
import { Serializable } from '@langchain/core/load/serializable'
import { HumanMessagePromptTemplate } from '@langchain/core/prompts'
import type { RunnableConfig } from '@langchain/core/runnables'
import { Annotation, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph'
import { JsonPlusSerializer, type SerializerProtocol, emptyCheckpoint } from '@langchain/langgraph-checkpoint'
import { describe, expect, test } from 'vitest'
import { CairnSaver, type CairnSaverOptions } from '../src/index.js'

const SECRET = 'what-the-customer-said'

/** A subclass without a name of its own. */
class Note extends HumanMessage {}
class Named extends AIMessage {
  static override lc_name(): string {
    return 'Named'
  }
}
class Doc extends Serializable {
  override lc_namespace = ['acme', 'docs']
  override lc_serializable = true
  static override lc_name(): string {
    return 'Doc'
  }
}
class Silent extends Serializable {
  override lc_namespace = ['acme', 'docs']
}

const withDoc = (doc: unknown): HumanMessage =>
  new HumanMessage({ id: 'h', content: SECRET, additional_kwargs: { source: doc } as never })

/** Each with what is refused and where. */
const refused: Record<string, readonly [value: unknown, className: string, path: string]> = {
  'a subclass of a message': [
    [new Note({ id: 'n', content: SECRET })],
    'langchain_core/messages/Note',
    '[0]',
  ],
  'a subclass with a name of its own': [
    { last: new Named(SECRET) },
    'langchain_core/messages/Named',
    '.last',
  ],
  'an own Serializable': [new Doc({ text: SECRET }), 'acme/docs/Doc', ''],
  'one in a message of a list': [
    [new HumanMessage(SECRET), withDoc(new Doc({ text: SECRET }))],
    'acme/docs/Doc',
    '[1].additional_kwargs.source',
  ],
  'one that does not write itself, in a message': [
    [withDoc(new Silent({ text: SECRET }))],
    'acme/docs/Silent',
    '[0].additional_kwargs.source',
  ],
  'one in a map': [new Map([['a key', new Doc({ text: SECRET })]]), 'acme/docs/Doc', '.get("a key")'],
}

const config = (threadId: string): RunnableConfig => ({
  configurable: { thread_id: threadId, checkpoint_ns: '' },
})
const metadata = { source: 'loop' as const, step: 0, parents: {} }

async function put(saver: CairnSaver, threadId: string, id: string, values: object): Promise<RunnableConfig> {
  const versions = Object.fromEntries(Object.keys(values).map((channel) => [channel, 1]))
  const checkpoint = { ...emptyCheckpoint(), id, channel_values: { ...values }, channel_versions: versions }
  return await saver.put(config(threadId), checkpoint, metadata, versions)
}

function expectSilent(...errors: unknown[]): void {
  for (const error of errors)
    expect(`${inspect(error, { depth: 9, showHidden: true })} ${JSON.stringify(error)}`).not.toContain(SECRET)
}

describe('a value that LangChain could not make again', () => {
  for (const [what, [value, className, path]] of Object.entries(refused)) {
    test(`is refused with its channel and path: ${what}`, async () => {
      const saver = new CairnSaver(createMemoryDriver())
      const at = await put(saver, 't', '1', { x: 'before' })
      // A class is asked for once, and known from then on.
      for (const _ of ['first', 'known']) {
        const calls: readonly (readonly [part: string, at: string, call: Promise<unknown>])[] = [
          ['channel "x"', path, put(saver, 't', '2', { x: value })],
          ['channel "y"', path, saver.putWrites(at, [['y', value]], 'task')],
          [
            'its metadata',
            `.note${path}`,
            saver.put(config('u'), emptyCheckpoint(), { ...metadata, note: value } as never, {}),
          ],
        ]
        for (const [part, place, call] of calls) {
          const failure: unknown = await call.catch((cause: unknown) => cause)
          expect(failure).toBeInstanceOf(TypeError)
          const where = place === '' ? '' : ` at ${place}`
          expect((failure as Error).message).toContain(
            `${part} holds an object of class "${className}"${where}: `,
          )
          expectSilent(failure)
        }
      }
      const tuple = await saver.getTuple(config('t'))
      expect(tuple).toMatchObject({
        checkpoint: { id: '1', channel_values: { x: 'before' } },
        pendingWrites: [],
      })
    })
  }

  test('costs a run, and not the thread', async () => {
    const saver = new CairnSaver(createMemoryDriver())
    const State = Annotation.Root({ ...MessagesAnnotation.spec, bad: Annotation<boolean> })
    const graph = new StateGraph(State)
      .addNode('n', ({ bad }) => ({ messages: [bad ? new Note(SECRET) : new AIMessage('fine')] }))
      .addEdge(START, 'n')
      .compile({ checkpointer: saver })
    await expect(graph.invoke({ messages: [], bad: true }, config('run'))).rejects.toThrow(TypeError)
    const { messages } = await graph.invoke(
      { messages: [new HumanMessage('next')], bad: false },
      config('run'),
    )
    expect(messages.map(({ text }) => text)).toEqual(['next', 'fine'])
  })

  test('is none of a class that LangChain knows, whatever its constructor says to no arguments', async () => {
    const saver = new CairnSaver(createMemoryDriver())
    const template = HumanMessagePromptTemplate.fromTemplate('Hello {name}')
    const odd = new HumanMessage({ content: 'x', additional_kwargs: { at: new Date(0) } as never })
    await put(saver, 't', '1', { x: [template, odd] })
    const tuple = await saver.getTuple(config('t'))
    const values: unknown = tuple?.checkpoint.channel_values['x']
    const [made, message] = values as [HumanMessagePromptTemplate, BaseMessage]
    expect(made).toBeInstanceOf(HumanMessagePromptTemplate)
    expect(message.text).toBe('x')
  })
})

/** Writes what it is given, as LangGraph's serializer would. */
class Trusting extends JsonPlusSerializer {}

const failing: SerializerProtocol = {
  dumpsTyped: (value) => new JsonPlusSerializer().dumpsTyped(value),
  loadsTyped: () => {
    throw new RangeError('the key is of another year')
  },
}

const coded: SerializerProtocol = {
  dumpsTyped: async (value) => ['coded', Buffer.from(JSON.stringify(value))],
  loadsTyped: async (_type, data) => JSON.parse(Buffer.from(data as Uint8Array).toString()) as unknown,
}

async function valueOf(saver: CairnSaver, threadId: string): Promise<unknown> {
  const tuple = await saver.getTuple(config(threadId))
  return tuple?.checkpoint.channel_values['x']
}

describe('a stored value that cannot be made again', () => {
  const cases: Record<
    string,
    readonly [value: unknown, writer: CairnSaverOptions, reader: CairnSaverOptions, RegExp]
  > = {
    'of a class that LangChain does not know': [
      [new Doc({ text: SECRET })],
      { serde: new Trusting() },
      {},
      /LangChain does not know its class "acme\/docs\/Doc"/,
    ],
    'of another serializer': [{ text: SECRET }, { serde: coded }, {}, /was written by another serializer/],
    'that a serializer of the user refuses': [
      { text: SECRET },
      { serde: failing },
      { serde: failing },
      /its serializer threw RangeError: the key is of another year/,
    ],
  }
  for (const [what, [value, writing, reading, says]] of Object.entries(cases)) {
    test(`has a code of its own: ${what}`, async () => {
      const driver = createMemoryDriver()
      const writer = new CairnSaver(driver, writing)
      const reader = new CairnSaver(driver, { ...reading, healing: 'off' })
      await put(writer, 't', '1', { x: value })
      const failure: unknown = await valueOf(reader, 't').catch((cause: unknown) => cause)
      if (!StorageError.isInstance(failure)) throw failure
      expect(failure).toMatchObject({ code: 'unreadable', disposition: 'permanent', operation: 'read' })
      expect(failure.message).toMatch(says)
      expect(failure.message).toContain('"t"')
      expectSilent(failure)
    })
  }
})
