import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type KeyAt,
  type KeyRange,
  type Tuple,
  compareTuples,
  encodeKey,
  keyAlone,
  keysBelow,
  keysBetween,
  namesBelow,
} from '../src/driver/index.js'

/** Few elements, so that keys share prefixes, the structural bytes of the encoding among them. */
const element = fc.constantFrom('', '\0', '\u0001', 'a', 'a\0', 'b', '\ud800', '\u{10000}')
const tuple = fc.array(element, { maxLength: 3 })
const keys = fc.uniqueArray(tuple, {
  maxLength: 12,
  comparator: (one, other) => compareTuples(one, other) === 0,
})
const bound = fc.option(tuple, { nil: undefined })

function within(all: readonly Tuple[], { from, until }: KeyRange): Tuple[] {
  return all.filter((key) => {
    const at = encodeKey(key)
    return Buffer.compare(at, from) >= 0 && (until === undefined || Buffer.compare(at, until) < 0)
  })
}

const beginsWith = (key: Tuple, prefix: Tuple): boolean => prefix.every((part, at) => key[at] === part)

/** Without names that have no value. */
function given<From, Until>(
  from: From | undefined,
  until: Until | undefined,
): { from?: From; until?: Until } {
  return { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) }
}

describe('a range of keys', () => {
  test('holds what begins with the prefix, or the one key', () => {
    fc.assert(
      fc.property(keys, tuple, (all, prefix) => {
        expect(within(all, keysBelow(prefix))).toEqual(all.filter((key) => beginsWith(key, prefix)))
        expect(within(all, keyAlone(prefix))).toEqual(all.filter((key) => compareTuples(key, prefix) === 0))
      }),
    )
  })

  test('holds what lies between the bounds as well, wherever these lie', () => {
    fc.assert(
      fc.property(keys, tuple, bound, bound, (all, prefix, from, until) => {
        const expected = all.filter(
          (key) =>
            beginsWith(key, prefix) &&
            (from === undefined || compareTuples(key, from) >= 0) &&
            (until === undefined || compareTuples(key, until) < 0),
        )
        expect(within(all, keysBetween({ prefix, ...given(from, until) }))).toEqual(expected)
      }),
    )
  })
})

test('names are the distinct elements behind a prefix, in either order', () => {
  const end = fc.option(element, { nil: undefined })
  fc.assert(
    fc.property(keys, tuple, end, end, fc.boolean(), (all, prefix, from, until, reverse) => {
      const ordered = all.toSorted(compareTuples)
      const keyAt: KeyAt = (range, at) => within(ordered, range).at(at === 'first' ? 0 : -1)
      const elements = ordered.flatMap((key) =>
        beginsWith(key, prefix) && key.length > prefix.length ? [key[prefix.length] as string] : [],
      )
      const expected = [...new Set(elements)].filter(
        (name) =>
          (from === undefined || compareTuples([name], [from]) >= 0) &&
          (until === undefined || compareTuples([name], [until]) < 0),
      )
      const read = { type: 'names', prefix, reverse, ...given(from, until) } as const
      expect([...namesBelow(read, keyAt)]).toEqual(reverse ? expected.toReversed() : expected)
    }),
  )
})
