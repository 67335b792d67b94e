import { Document } from '@langchain/core/documents'
import * as ours from '@langchain/core/messages'
import type { BaseMessage } from '@langchain/core/messages'
import { Send } from '@langchain/langgraph'
import { DeltaSnapshot } from '@langchain/langgraph-checkpoint'
import fc from 'fast-check'

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('', '\0', '\ud800', '\udfff', 'é😀', '__proto__', 'lc', '[Circular]', '{"lc":1}'),
)

/** Data made of what JSON knows, without the keys that mean something to LangChain. */
export const plain: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.string({ maxLength: 6 }).filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
})).value

const record = fc.dictionary(fc.constantFrom('a', 'b', 'tool_calls_x', 'nested-key'), plain, { maxKeys: 3 })
const id = fc.option(fc.oneof(fc.uuid(), fc.constantFrom('m1', 'm2', '')), { nil: undefined })
const content = fc.oneof(text, fc.array(fc.record({ type: fc.constant('text'), text }), { maxLength: 3 }))

/** What providers and applications put where plain data is expected. */
const odd = fc.constantFrom<unknown>(
  undefined,
  new Date(0),
  new Map([['k', 1]]),
  new Set([1]),
  Uint8Array.of(1, 2),
  Number.NaN,
  -0,
  { lc: 1, type: 'constructor', id: 'not an array' },
  { lc: 2, type: 'undefined' },
  { __lc_escaped__: { a: 1 } },
  { lg_name: 'Send', node: 'n', args: 1 },
  [undefined, 1],
)
const extras = fc.oneof(
  { weight: 4, arbitrary: record },
  { weight: 1, arbitrary: odd.map((value) => ({ odd: value })) },
)

const toolCall = fc.record({
  id: fc.uuid(),
  name: fc.constantFrom('search', 'add'),
  args: record,
  type: fc.constant('tool_call' as const),
})

/** What a copy of LangChain has. */
export type MessageClasses = typeof ours

/** Messages of every class of a copy of LangChain, plain and odd. */
export function messageOf(classes: MessageClasses): fc.Arbitrary<BaseMessage> {
  return fc.oneof(
    fc
      .record({ content, id, additional_kwargs: extras, response_metadata: extras })
      .map((fields) => new classes.HumanMessage(fields as never)),
    fc.string().map((body) => new classes.HumanMessage(body)),
    fc
      .record({
        content: text,
        id,
        tool_calls: fc.array(toolCall, { maxLength: 2 }),
        response_metadata: extras,
      })
      .map((fields) => new classes.AIMessage(fields as never)),
    fc
      .record({
        content: text,
        id,
        usage_metadata: fc.record({
          input_tokens: fc.nat(),
          output_tokens: fc.nat(),
          total_tokens: fc.nat(),
        }),
        name: fc.constantFrom(undefined, 'bot'),
      })
      .map((fields) => new classes.AIMessage(fields as never)),
    fc
      .record({ content: text, id, tool_calls: fc.array(toolCall, { maxLength: 2 }) })
      .map((fields) => new classes.AIMessageChunk(fields as never)),
    fc.record({ content, id }).map((fields) => new classes.HumanMessageChunk(fields as never)),
    fc.record({ content: text, id }).map((fields) => new classes.SystemMessage(fields as never)),
    fc
      .record({
        content: text,
        id,
        tool_call_id: fc.uuid(),
        artifact: fc.oneof(plain, odd),
        status: fc.constantFrom('success', 'error', undefined),
      })
      .map((fields) => new classes.ToolMessage(fields as never)),
    fc.record({ content: text, id, role: text }).map((fields) => new classes.ChatMessage(fields as never)),
    fc
      .record({ content: text, id, name: fc.constant('f') })
      .map((fields) => new classes.FunctionMessage(fields as never)),
    fc.record({ content, id }).map((fields) => new classes.SystemMessageChunk(fields as never)),
    fc
      .record({ content: text, id, role: text })
      .map((fields) => new classes.ChatMessageChunk(fields as never)),
    fc
      .record({ content: text, id, name: fc.constant('f') })
      .map((fields) => new classes.FunctionMessageChunk(fields as never)),
    fc.uuid().map((removed) => new classes.RemoveMessage({ id: removed })),
  )
}

export const message: fc.Arbitrary<BaseMessage> = messageOf(ours)

const lookalikes = fc.constantFrom<() => unknown>(
  () => ({ lc: 'ref', i: 0 }),
  () => ({ lc: 'msg', i: 0, id: 'x' }),
  () => ({ lc: 'raw', v: { lc: 'ref', i: 1 } }),
  () => ({ lc: 'raw' }),
  () => ({ lc: 2, type: 'undefined' }),
  () => ({ lc: 2, type: 'constructor', id: ['Map'], args: [[['k', 'v']]] }),
  () => ({ lc: 2, type: 'constructor', id: ['process'], args: [[]] }),
  () => ({ lc: 1, type: 'secret', id: ['KEY'] }),
  () => ({ lc: 3 }),
)

/** Whatever an application may hold in its state, with these messages. */
export function valueWith(messages: fc.Arbitrary<BaseMessage>): fc.Arbitrary<unknown> {
  return fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      text,
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constant(undefined),
      fc.date().map((date) => date),
      fc.constantFrom(/a+/gi, new Error('x'), () => 1, Symbol('s')),
      fc.uint8Array({ maxLength: 5 }),
      fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
      lookalikes.map((make) => make()),
      messages,
      fc.array(messages, { minLength: 5, maxLength: 40 }),
      fc.record({ pageContent: text, metadata: record }).map((fields) => new Document(fields as never)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        fc.string({ maxLength: 6 }).filter((key) => key !== '__proto__'),
        tie('value'),
        { maxKeys: 4 },
      ),
      fc.array(fc.tuple(text, tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
      fc.array(tie('value'), { maxLength: 3 }).map((items) => new Set(items)),
      tie('value').map((args) => new Send('node', args)),
      tie('value').map((held) => new DeltaSnapshot(held)),
    ),
  })).value
}

export const value: fc.Arbitrary<unknown> = valueWith(message)
