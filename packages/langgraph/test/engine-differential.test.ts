import { HumanMessage } from '@langchain/core/messages'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UnstorableValue } from '../src/engine/values/unstorable-value.js'
import { message, value } from './support/arbitrary-values.js'
import { seed } from './support/seed.js'
import { decoded, newCodec, throughEngine, throughStock } from './support/through-engine.js'

interface Outcome {
  readonly value?: unknown
  readonly failed: boolean
}

/** A value that the serializer itself cannot load back is one that the engine need not either. */
async function outcomeOf(work: Promise<unknown>): Promise<Outcome> {
  return await work.then(
    (loaded) => ({ value: loaded, failed: false }),
    () => ({ failed: true }),
  )
}

const FAILURE = '[unable to serialize, circular reference is too complex to analyze]'

/** What the serializer replaces by a text that says so, the engine refuses. */
async function expectSame(original: unknown): Promise<void> {
  const expected = await outcomeOf(throughStock(original))
  if (expected.failed) return
  const gave: unknown = await throughEngine(original).catch((cause: unknown) => {
    if (cause instanceof UnstorableValue) return FAILURE
    throw cause
  })
  expect(gave).toStrictEqual(expected.value)
}

test('any value comes back as LangGraph’s own serializer gives it back', async () => {
  await fc.assert(fc.asyncProperty(value, expectSame), { seed, numRuns: 1500 })
})

test('any message does', async () => {
  await fc.assert(fc.asyncProperty(message, expectSame), { seed, numRuns: 1500 })
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

/** The ways in which LangGraph and applications change messages in place. */
function mutate(target: Record<string, unknown>, change: number): void {
  const kwargs = target['lc_kwargs'] as Record<string, unknown>
  switch (change) {
    case 0:
      target['id'] = 'new id'
      kwargs['id'] = 'new id'
      return
    case 1:
      target['content'] = 'new content'
      return
    case 2:
      ;(target['additional_kwargs'] as Record<string, unknown>)['added'] = { deep: [1] }
      return
    case 3:
      ;(target['response_metadata'] as Record<string, unknown>)['a'] = 'replaced'
      return
    case 4:
      kwargs['name'] = 'named'
      target['name'] = 'named'
      return
    case 5:
      if (Array.isArray(target['tool_calls']))
        target['tool_calls'].push({ id: 't', name: 'x', args: {}, type: 'tool_call' })
      return
    case 6:
      if (Array.isArray(target['content'])) target['content'].push({ type: 'text', text: 'more' })
      return
    default:
      delete kwargs['additional_kwargs']
  }
}
