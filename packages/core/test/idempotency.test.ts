import { expect, test } from 'vitest'
import { type Batch, isIdempotent } from '../src/driver/index.js'

const bytes = new Uint8Array(0)
const epoch = '0'.repeat(32)
const put = (...key: string[]) => ({ type: 'put' as const, key, bytes })
const insert = (...key: string[]) => ({ type: 'insert' as const, key, bytes })
const object = { type: 'object' as const, id: epoch, bytes }

const repeatable: readonly Batch[] = [
  {},
  {
    mutations: [
      put('a'),
      insert('b'),
      { type: 'delete', key: ['c'] },
      { type: 'deleteRange', prefix: [] },
      object,
    ],
  },
  { mutations: [put('a'), insert('b'), { type: 'sweep' }, { type: 'expire', ttlMs: 1 }] },
  { mutations: [put('a'), { type: 'expire', ttlMs: 'unchanged', decidedBy: [['a']], ifNone: true }] },
  { checks: [{ type: 'absent', key: ['a'] }], mutations: [put('b')] },
  { checks: [{ type: 'present', key: ['a'] }], mutations: [put('a')] },
  { checks: [{ type: 'equals', key: ['a'], bytes }], mutations: [insert('a')] },
  { checks: [{ type: 'epoch', epoch }], mutations: [put('a'), object] },
  {
    checks: [{ type: 'last', prefix: ['p'], key: ['p', 'b'] }],
    mutations: [put('p', 'a'), put('p', 'b', 'x')],
  },
  { checks: [{ type: 'last', prefix: ['p'], key: null }], mutations: [put('q', 'a')] },
  { checks: [{ type: 'objects', ids: [epoch] }], mutations: [put('a'), object] },
  { checks: [{ type: 'head', prefix: ['p'], elements: ['a', 'b'] }], mutations: [put('p', 'b')] },
  {
    checks: [{ type: 'head', prefix: ['p'], elements: ['a'] }],
    mutations: [put('p', 'b', 'x'), put('q', 'b')],
  },
  {
    checks: [{ type: 'head', prefix: ['p'], elements: ['a', 'c'] }],
    mutations: [insert('p', 'b'), put('p', 'c'), { type: 'delete', key: ['p', 'b', 'x'] }],
  },
  { mutations: [{ type: 'drop', tombstoneMs: 1 }] },
  { checks: [{ type: 'absent', key: ['a'] }], mutations: [{ type: 'drop', tombstoneMs: null }] },
  { checks: [{ type: 'undropped' }], mutations: [put('a'), { type: 'drop', tombstoneMs: null }] },
]

const onceOnly: readonly Batch[] = [
  { checks: [{ type: 'absent', key: ['a'] }], mutations: [put('a')] },
  { checks: [{ type: 'absent', key: ['a'] }], mutations: [insert('a')] },
  { checks: [{ type: 'present', key: ['a'] }], mutations: [{ type: 'delete', key: ['a'] }] },
  { checks: [{ type: 'present', key: ['a', 'b'] }], mutations: [{ type: 'deleteRange', prefix: ['a'] }] },
  { checks: [{ type: 'equals', key: ['a'], bytes }], mutations: [put('a')] },
  { checks: [{ type: 'epoch', epoch: null }], mutations: [put('a')] },
  { mutations: [{ type: 'sweep' }, put('a')] },
  { mutations: [{ type: 'sweep' }, insert('a')] },
  { mutations: [{ type: 'sweep' }, { type: 'delete', key: ['a'] }] },
  { checks: [{ type: 'epoch', epoch }], mutations: [{ type: 'sweep' }] },
  { checks: [{ type: 'objects', ids: [epoch] }], mutations: [{ type: 'sweep' }] },
  { checks: [{ type: 'epoch', epoch }], mutations: [{ type: 'delete', key: ['a'] }] },
  { checks: [{ type: 'last', prefix: ['p'], key: ['p', 'a'] }], mutations: [put('p', 'b')] },
  { checks: [{ type: 'last', prefix: ['p'], key: null }], mutations: [put('p', 'a')] },
  { checks: [{ type: 'head', prefix: ['p'], elements: ['a', null] }], mutations: [put('p', 'b')] },
  {
    checks: [{ type: 'head', prefix: ['p'], elements: ['a', 'b'] }],
    mutations: [put('p', 'b'), insert('p', 'c')],
  },
  {
    checks: [{ type: 'head', prefix: ['p'], elements: ['a'] }],
    mutations: [{ type: 'delete', key: ['p', 'b'] }],
  },
  {
    checks: [{ type: 'head', prefix: ['p'], elements: ['a'] }],
    mutations: [{ type: 'deleteRange', prefix: [] }],
  },
  { checks: [{ type: 'undropped' }], mutations: [{ type: 'drop', tombstoneMs: 1 }] },
  { checks: [{ type: 'present', key: ['a'] }], mutations: [{ type: 'drop', tombstoneMs: null }] },
  { checks: [{ type: 'epoch', epoch }], mutations: [{ type: 'drop', tombstoneMs: null }] },
  { checks: [{ type: 'last', prefix: [], key: ['a'] }], mutations: [{ type: 'drop', tombstoneMs: null }] },
  {
    checks: [{ type: 'head', prefix: [], elements: ['a'] }],
    mutations: [{ type: 'drop', tombstoneMs: null }],
  },
  {
    checks: [{ type: 'last', prefix: ['p'], key: ['p', 'a'] }],
    mutations: [{ type: 'delete', key: ['p', 'a'] }],
  },
]

test.each(repeatable.map((batch) => [JSON.stringify(batch), batch] as const))(
  'may be repeated: %s',
  (_, batch) => {
    expect(isIdempotent(batch)).toBe(true)
  },
)

test.each(onceOnly.map((batch) => [JSON.stringify(batch), batch] as const))(
  'must not be repeated: %s',
  (_, batch) => {
    expect(isIdempotent(batch)).toBe(false)
  },
)
