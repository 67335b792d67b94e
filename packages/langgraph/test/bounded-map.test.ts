import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BoundedMap } from '../src/bounds/bounded-map.js'
import { seed } from './support/seed.js'

describe('a bounded map', () => {
  test('forgets what was used longest ago, and says so', () => {
    const map = new BoundedMap<string, number>(30)
    map.set('a', 1, 10)
    map.set('b', 2, 10)
    map.set('c', 3, 10)
    map.startUse()
    expect(map.get('a')).toBe(1)
    expect(map.set('d', 4, 20)).toEqual([2, 3])
    expect([map.peek('a'), map.peek('b'), map.peek('c'), map.peek('d')]).toEqual([1, undefined, undefined, 4])
  })

  test('keeps nothing that is larger than it is', () => {
    const map = new BoundedMap<string, number>(30)
    map.set('a', 1, 10)
    expect(map.set('b', 2, 31)).toEqual([2])
    map.offer('c', 3, 31)
    expect([map.size, map.peek('a'), map.peek('b')]).toEqual([1, 1, undefined])
    const off = new BoundedMap<string, number>(0)
    off.set('a', 1, 1)
    off.offer('a', 1, 1)
    expect([off.size, off.costBytes]).toEqual([0, 0])
  })

  test('gives the same part of more than it can hold to each walk over it', () => {
    const map = new BoundedMap<number, number>(70)
    const hits = (): number => {
      map.startUse()
      let found = 0
      for (let at = 0; at < 100; at++) {
        if (map.get(at) === undefined) map.offer(at, at, 1)
        else found += 1
      }
      return found
    }
    expect([hits(), hits(), hits()]).toEqual([0, 70, 70])
    // A walk over something else takes the room of what is idle.
    map.startUse()
    for (let at = 1000; at < 1050; at++) map.offer(at, at, 1)
    expect(map.size).toBe(70)
    expect(map.peek(1049)).toBe(1049)
  })

  test('counts what it holds, and no more than it may hold', () => {
    const step = fc.record({
      type: fc.constantFrom(
        'set' as const,
        'offer' as const,
        'delete' as const,
        'get' as const,
        'use' as const,
      ),
      key: fc.nat({ max: 8 }),
      cost: fc.nat({ max: 12 }),
    })
    const property = fc.property(fc.array(step), (steps) => {
      const map = new BoundedMap<number, number>(20)
      for (const { type, key, cost } of steps) {
        if (type === 'use') map.startUse()
        else if (type === 'delete' || type === 'get') map[type](key)
        else map[type](key, cost, cost)
        let held = 0
        for (let each = 0; each <= 8; each++) held += map.peek(each) ?? 0
        expect(map.costBytes).toBe(held)
        expect(held).toBeLessThanOrEqual(20)
      }
    })
    fc.assert(property, { seed })
  })
})
