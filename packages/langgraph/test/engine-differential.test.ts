import { HumanMessage, ToolMessageChunk } from '@langchain/core/messages'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { message, value } from './support/arbitrary-values.js'
import { expectSame } from './support/expect-same.js'
import { mutate } from './support/mutate-message.js'
import { seed } from './support/seed.js'
import { decoded, newCodec, throughEngine, throughStock } from './support/through-engine.js'

test('any value comes back as LangGraph’s own serializer gives it back', async () => {
  await fc.assert(fc.asyncProperty(value, expectSame), { seed, numRuns: 1500 })
})

test('any message does', async () => {
  await fc.assert(fc.asyncProperty(message, expectSame), { seed, numRuns: 1500 })
})

test('a ToolMessageChunk comes back whole: LangChain reads its tool_call_id under another name, and loses it', async () => {
  const chunk = new ToolMessageChunk({ id: 'm', content: 'x', tool_call_id: 't' })
  expect(await throughStock(chunk)).toMatchObject({ content: 'x', tool_call_id: undefined })
  expect(await throughEngine(chunk)).toStrictEqual(chunk)
})

test('values that JSON cannot say do', async () => {
  const cycle: Record<string, unknown> = { list: [1] }
  cycle['self'] = cycle
  const throughMap = new Map<string, unknown>()
  throughMap.set('self', throughMap)
  const shared = { a: 1 }
  let deep: unknown = 'bottom'
  for (let at = 0; at < 60; at++) deep = at % 2 === 0 ? [deep] : { deep }
  let deepMessage: unknown = 'bottom'
  for (let at = 0; at < 30; at++) deepMessage = { deepMessage }
  const values: readonly unknown[] = [
    cycle,
    { messages: [new HumanMessage('x')], cycle },
    throughMap,
    [shared, shared],
    { n: 1n },
    { messages: [new HumanMessage('x')], n: 1n },
    deep,
    new HumanMessage({ content: 'x', additional_kwargs: { deepMessage } }),
    [Number.NaN, Number.POSITIVE_INFINITY, -0],
    [undefined, () => 1, Symbol('s')],
    { u: undefined, f: () => 1, s: Symbol('s') },
    Array.from({ length: 3 }),
    Object.assign(Object.create(null), { a: 1 }),
    new (class Custom {
      shown = 1
      get hidden(): number {
        return 2
      }
    })(),
    { toJSON: () => ({ replaced: new HumanMessage('x') }) },
    { toJSON: () => new HumanMessage('x') },
    new URL('https://example.org/x?y=1'),
    new Date(Number.NaN),
    Buffer.from('bytes'),
    Uint8Array.of(1, 2, 3),
    { nested: Uint8Array.of(1, 2, 3) },
    [Object(1), Object('x'), Object(false)],
    '\ud800',
    { '\ud800': '\udfff' },
    { constructor: 1, toString: 2, hasOwnProperty: 3 },
  ]
  for (const original of values) await expectSame(original)
})

test('a key called __proto__ is kept as the data it is', async () => {
  const original = JSON.parse('{"__proto__":{"polluted":true},"a":[{"__proto__":1}]}') as object
  const loaded = (await throughEngine(original)) as object
  expect(JSON.stringify(loaded)).toBe(JSON.stringify(original))
  expect(Object.getPrototypeOf(loaded)).toBe(Object.prototype)
})

test('what was encoded before is encoded right after it was changed at any depth', async () => {
  const codec = newCodec()
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { minLength: 1, maxLength: 12 }),
      fc.nat(),
      fc.nat(7),
      async (list, at, change) => {
        await codec.encode(list)
        const target = list[at % list.length] as unknown as Record<string, unknown>
        mutate(target, change)
        expect(await decoded(newCodec(), await codec.encode(list))).toStrictEqual(await throughStock(list))
      },
    ),
    { seed, numRuns: 500 },
  )
})
