import { type KeyRange, encodeKey, keysBelow } from '@cairnkit/core/driver'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Access } from '../src/access.js'
import { acquire, release } from '../src/environment.js'
import { below, recordPrefix } from '../src/layout.js'
import { RecordTree } from '../src/record-tree.js'
import { temporaryFolder } from './support/folder.js'

const partition = new Uint8Array(16).fill(7)
const neighbour = new Uint8Array(16).fill(8)

/** Starts that end around every border of a chunk, and one that is longer than three. */
const starts = [
  0, 1, 1890, 1895, 1897, 1898, 1899, 1900, 1901, 1975, 1978, 3797, 3798, 3799, 3800, 3801, 6000,
]
const ends = ['', 'a', 'b', '\0', '\u0001', '\uff61', '\u{10000}', 'k'.repeat(1900), 'k'.repeat(4000)]
const key = fc
  .tuple(fc.constantFrom(...starts), fc.constantFrom(...ends), fc.constantFrom('', 'x', 'k'.repeat(1899)))
  .map(([length, end, second]) => encodeKey([`${'k'.repeat(length)}${end}`, second]))
const bound = fc.option(
  fc.oneof(
    key,
    key.map((whole) => whole.subarray(0, whole.length >> 1)),
    fc.constantFrom(...starts).map((length) => new Uint8Array(length).fill(107)),
  ),
)

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('set' as const), key }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('delete' as const), key }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('scan' as const),
      from: bound,
      until: bound,
      reverse: fc.boolean(),
    }),
  },
)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const everything = { from: new Uint8Array(0), until: undefined }
const value = Uint8Array.of(1, 2, 3)

type Ordered = Pick<RecordTree, 'set' | 'delete' | 'keys'>

/** The same by the simplest means. */
class Model implements Ordered {
  readonly #keys = new Map<string, Uint8Array>()

  set(at: Uint8Array): void {
    this.#keys.set(Buffer.from(at).toString('hex'), at)
  }

  delete(at: Uint8Array): boolean {
    return this.#keys.delete(Buffer.from(at).toString('hex'))
  }

  *keys({ from, until }: KeyRange, reverse = false): Generator<Uint8Array> {
    const found = [...this.#keys.values()]
      .filter((at) => Buffer.compare(at, from) >= 0)
      .filter((at) => until === undefined || Buffer.compare(at, until) < 0)
      .sort((left, right) => Buffer.compare(left, right))
    yield* reverse ? found.reverse() : found
  }
}

function takeStep(map: Ordered, taken: Step): unknown {
  switch (taken.type) {
    case 'set':
      map.set(taken.key, value)
      return undefined
    case 'delete':
      return map.delete(taken.key)
    case 'scan': {
      const range = { from: taken.from ?? everything.from, until: taken.until ?? undefined }
      const keys = [...map.keys(range, taken.reverse)]
      const entries = map instanceof RecordTree ? [...map.entries(range, taken.reverse)] : undefined
      const same = entries?.every((entry, at) => Buffer.compare(entry.key, keys[at] as Uint8Array) === 0)
      const whole = entries?.every(({ stored }) => Buffer.compare(stored, value) === 0)
      return { keys: keys.map(shapeOf), same: same ?? true, whole: whole ?? true }
    }
  }
}

async function withAccess(work: (access: Access) => void): Promise<void> {
  const environment = await acquire(temporaryFolder(), undefined)
  try {
    await environment.write(work)
  } finally {
    await release(environment)
  }
}

function shapeOf(bytes: Uint8Array): string {
  return `${bytes.length} ${Buffer.from(bytes.subarray(-6)).toString('hex')}`
}

describe('keys longer than those of LMDB', () => {
  it('are kept in their order, whatever they share', async () => {
    await withAccess((access) => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
          const tree = new RecordTree(access, partition)
          const model = new Model()
          for (const each of steps) expect(takeStep(tree, each)).toEqual(takeStep(model, each))
          for (const at of model.keys(everything)) {
            expect(tree.has(at)).toBe(true)
            expect(tree.get(at)).toEqual(value)
            tree.delete(at)
          }
          // Not a mark is left of what is gone.
          expect([...access.keys(below(recordPrefix(partition)))]).toEqual([])
        }),
        { numRuns: 150 },
      )
    })
  })

  it('come back whole from 1 to 6000 bytes', async () => {
    await withAccess((access) => {
      const tree = new RecordTree(access, partition)
      for (let length = 1; length <= 6000; length += length > 1880 && length < 1990 ? 1 : 97) {
        const whole = encodeKey(['k'.repeat(length)])
        tree.set(whole, Uint8Array.of(length & 255))
        const [found] = tree.keys({ from: whole, until: undefined })
        expect(Buffer.compare(found as Uint8Array, whole)).toBe(0)
        expect(tree.get(whole)).toEqual(Uint8Array.of(length & 255))
      }
    })
  })

  it('do not reach into the partition beside them', async () => {
    await withAccess((access) => {
      const [left, right] = [new RecordTree(access, partition), new RecordTree(access, neighbour)]
      const long = encodeKey(['k'.repeat(5000)])
      left.set(long, Uint8Array.of(1))
      right.set(long, Uint8Array.of(2))
      expect(left.get(long)).toEqual(Uint8Array.of(1))
      left.delete(long)
      expect([...left.keys(keysBelow([]))]).toHaveLength(0)
      expect([...right.keys(keysBelow([]))]).toHaveLength(1)
    })
  })

  it('share what they have in common: a thousand with one start of 10 KB', async () => {
    await withAccess((access) => {
      const tree = new RecordTree(access, partition)
      const start = 'n'.repeat(10_240)
      for (let at = 0; at < 1000; at++)
        tree.set(encodeKey([start, String(at).padStart(4, '0')]), Uint8Array.of(1))
      const keys = [...access.keys(below(recordPrefix(partition)))]
      expect(keys.length).toBe(1000 + 5)
      expect(keys.reduce((sum, each) => sum + each.length, 0)).toBeLessThan(1_000_000)
      const [last] = tree.keys(keysBelow([start]), true)
      expect(shapeOf(last as Uint8Array)).toBe(shapeOf(encodeKey([start, '0999'])))
    })
  })
})
