import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  afterPrefix,
  compareTuples,
  decodeElement,
  decodeKey,
  encodeElement,
  encodeKey,
  encodePrefix,
  encodeUtf8,
  encodedKeyLength,
  successor,
} from '../src/driver/index.js'

/** Any sequence of UTF-16 code units, lone surrogates and the structural bytes among them. */
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom('\0', '\u0001', '\u0002', '\u0003', 'a', '\ud800', '\udfff', '\uff61', '\u{10000}'),
    )
    .map((units) => units.join('')),
)
const tuple = fc.array(text, { maxLength: 4 })

/** The order of the contract, said without the encoding. */
function naiveCompare(left: readonly string[], right: readonly string[]): number {
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const order = Buffer.compare(encodeUtf8(left[at] as string), encodeUtf8(right[at] as string))
    if (order !== 0) return order
  }
  return Math.sign(left.length - right.length)
}

describe('keys', () => {
  test('come back as they were', () => {
    fc.assert(
      fc.property(tuple, (key) => {
        expect(decodeKey(encodeKey(key))).toEqual(key)
        expect(encodedKeyLength(key)).toBe(encodeKey(key).length)
      }),
    )
    fc.assert(
      fc.property(text, (element) => {
        expect(decodeElement(encodeElement(element))).toBe(element)
      }),
    )
  })

  test('order as bytes the way tuples order element by element', () => {
    fc.assert(
      fc.property(tuple, tuple, (left, right) => {
        expect(Math.sign(Buffer.compare(encodeKey(left), encodeKey(right)))).toBe(naiveCompare(left, right))
      }),
    )
    expect(compareTuples(['\uff61'], ['\u{10000}'])).toBe(-1)
    expect(['\uff61', '\u{10000}'].toSorted()).toEqual(['\u{10000}', '\uff61'])
  })

  test('no key is the start of another, and a prefix covers exactly its keys', () => {
    fc.assert(
      fc.property(tuple, tuple, (prefix, key) => {
        const covered = Buffer.from(encodeKey(key)).indexOf(encodePrefix(prefix)) === 0
        expect(covered).toBe(
          prefix.length <= key.length && prefix.every((element, at) => element === key[at]),
        )
        const isStart = Buffer.from(encodeKey(key)).indexOf(encodeKey(prefix)) === 0
        expect(isStart).toBe(naiveCompare(prefix, key) === 0)
      }),
    )
  })

  test('a key has one end mark and no zero before it', () => {
    fc.assert(
      fc.property(tuple, (key) => {
        expect(encodeKey(key).indexOf(0)).toBe(encodeKey(key).length - 1)
      }),
    )
  })

  test('bytes that are no key are refused', () => {
    for (const bytes of [
      [],
      [0x61],
      [0x61, 0x00],
      [0x02, 0x01, 0x00],
      [0x02, 0x09, 0x01, 0x00],
      [0xff, 0x01, 0x00],
    ]) {
      expect(() => decodeKey(Uint8Array.from(bytes)), bytes.join()).toThrow(TypeError)
    }
  })

  test('the successor of an element is the next one there is', () => {
    fc.assert(
      fc.property(text, text, (element, other) => {
        const between =
          compareTuples([other], [element]) > 0 && compareTuples([other], [successor(element)]) < 0
        expect(between).toBe(false)
      }),
    )
  })

  test('after a prefix comes the least bytes that do not start with it', () => {
    expect(afterPrefix(Uint8Array.of(1, 2))).toEqual(Uint8Array.of(1, 3))
    expect(afterPrefix(Uint8Array.of(1, 0xff))).toEqual(Uint8Array.of(2))
    expect(afterPrefix(Uint8Array.of(0xff))).toBeUndefined()
  })
})
