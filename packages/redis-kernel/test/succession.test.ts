import { describe, expect, it } from 'vitest'
import type { SentinelEvent } from '../src/connections/sentinel/sentinel-event.js'
import { FailoverState } from '../src/connections/sentinel/failover-state.js'

const [old, next, other] = [6379, 6380, 6381].map((port) => ({ host: '10.0.0.1', port })) as [
  SentinelEvent['from'],
  SentinelEvent['from'],
  SentinelEvent['from'],
]
const OLD = '10.0.0.1:6379'
const begun: SentinelEvent = { type: 'begun', from: old }
const chosen: SentinelEvent = { type: 'chosen', from: old, to: next }
const aborted: SentinelEvent = { type: 'aborted', from: old }

function after(...news: readonly (readonly [SentinelEvent, sentinel: string])[]): FailoverState {
  const succession = new FailoverState()
  for (const [each, sentinel] of news) succession.note(each, sentinel)
  return succession
}

describe('a primary whose failover was announced', () => {
  it('is over, and the chosen replica may be followed though no Sentinel names it', () => {
    const succession = after([begun, 'a'], [chosen, 'a'])
    expect(succession.isDeposed(OLD)).toBe(true)
    expect(succession.among([{ address: old, votes: 3 }])).toEqual([{ address: next, votes: 0 }])
    expect(succession.among([{ address: next, votes: 1 }])).toEqual([{ address: next, votes: 1 }])
  })

  it('is the primary again when the Sentinel that leads the failover gives it up', () => {
    expect(after([begun, 'a'], [aborted, 'a']).isDeposed(OLD)).toBe(false)
    expect(after([begun, 'a'], [chosen, 'a'], [aborted, 'a']).isDeposed(OLD)).toBe(false)
  })

  it('stays over when another Sentinel gives up, which was not elected', () => {
    const succession = after([begun, 'a'], [chosen, 'a'], [aborted, 'b'])
    expect(succession.isDeposed(OLD)).toBe(true)
    expect(succession.among([{ address: old, votes: 3 }])).toEqual([{ address: next, votes: 0 }])
  })

  it('stays over when the failover of another primary is given up', () => {
    expect(after([begun, 'a'], [{ type: 'aborted', from: other }, 'a']).isDeposed(OLD)).toBe(true)
  })
})
