import assert from 'node:assert/strict'
import { type Tuple, compareTuples } from '@cairnkit/core/driver'
import { hostileEntries } from '../hostile-inputs.js'
import { everything, put } from './mutations.js'
import type { DriverSuite } from './suite.js'
import { same } from './same.js'

/** In the order of the contract. */
const ordered: readonly Tuple[] = [
  [''],
  ['', ''],
  ['', 'a'],
  ['\0'],
  ['\u0001'],
  ['\u0002'],
  ['\u0002', '\u0002'],
  ['\u0002\u0003'],
  ['\u0003'],
  ['A'],
  ['a'],
  ['a', ''],
  ['a', '', ''],
  ['a', '\0'],
  ['a', 'b'],
  ['a', 'b', 'c'],
  ['a', 'b\0'],
  ['a\0'],
  ['a\0', 'b'],
  ['a\u0001'],
  ['a\u0001', 'a'],
  ['a '],
  ['aa'],
  ['b'],
  ['e\u0301'],
  ['z'],
  ['\u00e9'],
  ['\ud800'],
  ['\udbff'],
  ['\udc00'],
  ['\udfff'],
  ['\uff61'],
  ['\uffff'],
  ['\u{10000}'],
  ['\u{10000}', 'a'],
  ['\u{10ffff}'],
]

/** Keys order element by element, by the bytes of generalized UTF-8. */
export function keyOrder(suite: DriverSuite): void {
  suite.section('rule 4: keys order by elements and their UTF-8 bytes', () => {
    suite.test('returns a range in the order of the contract, whatever the order of writing', async () => {
      const subject = suite.fresh()
      const shuffled = [...ordered].sort((left, right) => scramble(left) - scramble(right))
      for (const half of [shuffled.slice(0, 18), shuffled.slice(18)])
        await subject.write(...half.map((key) => put(key)))
      const [up, down] = await subject.read(everything, { type: 'range', prefix: [], reverse: true })
      same(
        up.records.map(({ key }) => [...key]),
        ordered,
      )
      same(
        down.records.map(({ key }) => [...key]),
        [...ordered].reverse(),
      )
    })

    suite.test('bounds a range at every key of that order', async () => {
      const subject = suite.fresh()
      await subject.write(...ordered.map((key) => put(key)))
      const reads = ordered.flatMap((key) => [
        { type: 'range', prefix: [], from: key, limit: 1 } as const,
        { type: 'range', prefix: [], until: key, limit: 1, reverse: true } as const,
      ])
      const results = await subject.read(...reads)
      for (const [at, key] of ordered.entries()) {
        same(results[at * 2]?.records[0]?.key, key, `from ${JSON.stringify(key)}`)
        const before = results[at * 2 + 1]?.records[0]?.key
        same(before, ordered[at - 1], `until ${JSON.stringify(key)}`)
      }
    })

    suite.test('orders groups and names by the same bytes', async () => {
      const subject = suite.fresh()
      const elements = [...new Set(ordered.map(([first]) => first as string))]
      await subject.write(...elements.map((element) => put(['p', element])))
      const [names, reversed, groups] = await subject.read(
        { type: 'names', prefix: ['p'] },
        { type: 'names', prefix: ['p'], reverse: true },
        { type: 'groups', prefix: ['p'] },
      )
      same([...names.names], elements)
      same([...reversed.names], [...elements].reverse())
      same(
        groups.groups.map(({ element }) => element),
        elements,
      )
    })

    suite.test('bounds groups and names by the same bytes', async () => {
      const subject = suite.fresh()
      const elements = [...new Set(ordered.map(([first]) => first as string))]
      await subject.write(...elements.map((element) => put(['p', element])))
      for (const [at, from] of elements.entries()) {
        const until = elements[at + 2]
        const bounds = { prefix: ['p'], from, ...(until === undefined ? {} : { until }) }
        const [names, groups] = await subject.read(
          { type: 'names', ...bounds },
          { type: 'groups', ...bounds },
        )
        same([...names.names], elements.slice(at, at + 2))
        same(
          groups.groups.map(({ element }) => element),
          elements.slice(at, at + 2),
        )
      }
    })

    suite.test('finds the last key by the same bytes', async () => {
      const subject = suite.fresh()
      for (const key of ordered) {
        await subject.write(put(key))
        assert.equal(await subject.holds({ type: 'last', prefix: [], key }), true, JSON.stringify(key))
      }
    })

    suite.test('orders keys that share 10 KB', async () => {
      const subject = suite.fresh()
      const long = 'k'.repeat(10_240)
      const keys: Tuple[] = [
        [long],
        [long, ''],
        [long, 'a'],
        [long, `${long}a`],
        [long, `${long}b`],
        [long, `${long}b`, 'x'],
        [long, 'z'],
        [`${long}\0`],
        [`${long}a`],
        [`${long}\uff61`],
        [`${long}\u{10000}`],
      ]
      for (const key of [...keys].reverse()) await subject.write(put(key))
      const [up, middle, down] = await subject.read(
        everything,
        { type: 'range', prefix: [long], from: [long, 'a'], until: [long, `${long}b`, 'x'] },
        { type: 'range', prefix: [long], reverse: true, limit: 2 },
      )
      same(up.records.map(lastCharacters), keys.map(lastCharactersOf))
      same(middle.records.map(lastCharacters), keys.slice(2, 5).map(lastCharactersOf))
      same(
        down.records.map(lastCharacters),
        [6, 5].map((at) => lastCharactersOf(keys[at] ?? [])),
      )
    })

    suite.test('orders the hostile table as the contract does', async () => {
      const subject = suite.fresh()
      await subject.write(...hostileEntries.map(([name, text]) => put([text], name)))
      const [all] = await subject.read(everything)
      const expected = [...hostileEntries].sort(([, left], [, right]) => compareTuples([left], [right]))
      same(
        all.records.map(({ bytes }) => Buffer.from(bytes).toString()),
        expected.map(([name]) => name),
      )
    })
  })
}

function scramble(key: Tuple): number {
  return Buffer.from(`${key.length}${key.join('/')}`).reduce((sum, byte) => (sum * 31 + byte) % 997, 7)
}

function lastCharacters({ key }: { readonly key: Tuple }): string {
  return lastCharactersOf(key)
}

/** Short enough to be printed when an assertion fails. */
function lastCharactersOf(key: Tuple): string {
  return key.map((element) => `${element.length} ${element.slice(-2)}`).join('/')
}
