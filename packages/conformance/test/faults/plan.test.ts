import { type RequestSeen, once, oneInEvery, seededRandom } from '@cairnkit/conformance/faults'
import { describe, expect, it } from 'vitest'

const request: RequestSeen = { target: { host: 'h', port: 1 }, connection: 0, bytes: Buffer.from('x') }
const faults = [
  { type: 'cut', at: 'before-send' },
  { type: 'cut', at: 'after-send' },
] as const

function drawn(seed: number): (string | undefined)[] {
  const plan = oneInEvery(10, faults, seededRandom(seed))
  return Array.from({ length: 1000 }, () => {
    const fault = plan.request?.(request)
    return fault?.type === 'cut' ? fault.at : undefined
  })
}

describe('a plan', () => {
  it('hits once', () => {
    const plan = once(faults[0])
    expect(plan.struck).toBe(false)
    expect([1, 2, 3].map(() => plan.request?.(request))).toEqual([faults[0], undefined, undefined])
    expect(plan.struck).toBe(true)
  })

  it('hits one in every ten, at a random place, by a random fault', () => {
    const hits = drawn(7)
    const places = new Set<number>()
    for (let from = 0; from < hits.length; from += 10) {
      const ten = hits.slice(from, from + 10)
      expect(ten.filter((hit) => hit !== undefined)).toHaveLength(1)
      places.add(ten.findIndex((hit) => hit !== undefined))
    }
    expect(places.size).toBe(10)
    expect(new Set(hits).size).toBe(3)
  })

  it('is the same for the same seed, and another for another', () => {
    expect(drawn(7)).toEqual(drawn(7))
    expect(drawn(7)).not.toEqual(drawn(8))
  })
})
