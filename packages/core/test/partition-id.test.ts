import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodePartitionId, encodePartitionId } from '../src/driver/index.js'

const part = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '%', ':', '{', '}', '*', '\0', '\ud800', '\udfff', '%3A', '.', '..'),
)
const parts = fc.array(part, { minLength: 1, maxLength: 4 })

test('names come back as they were', () => {
  fc.assert(
    fc.property(parts, (names) => {
      expect(decodePartitionId(encodePartitionId(names))).toEqual(names)
    }),
  )
})

test('two names never share an id', () => {
  fc.assert(
    fc.property(parts, parts, (left, right) => {
      expect(encodePartitionId(left) === encodePartitionId(right)).toBe(
        JSON.stringify(left) === JSON.stringify(right),
      )
    }),
  )
})

test('an id is printable, never empty, and has no brace', () => {
  fc.assert(
    fc.property(parts, (names) => {
      expect(encodePartitionId(names)).toMatch(/^[\w%:.!~*'()-]+$/)
    }),
  )
})

test('lone surrogates differ from each other and from what replaces them', () => {
  const ids = ['\ud800', '\udfff', '\ufffd', '\ud800\udfff'].map((name) => encodePartitionId([name]))
  expect(ids).toEqual(['%ED%A0%80', '%ED%BF%BF', '%EF%BF%BD', '%F0%90%8F%BF'])
})

test('text that is no id is refused', () => {
  for (const id of ['', 'a:', '%zz', '%4', 'a{b}', '%41', 'é', '%FF']) {
    expect(() => decodePartitionId(id), id).toThrow(TypeError)
  }
})
