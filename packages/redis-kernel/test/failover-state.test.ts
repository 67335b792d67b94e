import { describe, expect, it } from 'vitest'
import type { SentinelEvent } from '../src/connections/sentinel/sentinel-event.js'
import { FailoverState } from '../src/connections/sentinel/failover-state.js'

const [old, next, other] = [6379, 6380, 6381].map((port) => ({ host: '10.0.0.1', port })) as [
  SentinelEvent['from'],
  SentinelEvent['from'],
  SentinelEvent['from'],
]
const OLD = '10.0.0.1:6379'
const NEXT = '10.0.0.1:6380'
const begun: SentinelEvent = { type: 'begun', from: old }
const chosen: SentinelEvent = { type: 'chosen', from: old, to: next }
const aborted: SentinelEvent = { type: 'aborted', from: old }

function after(...events: readonly (readonly [SentinelEvent, sentinel: string])[]): FailoverState {
  const state = new FailoverState()
  for (const [event, sentinel] of events) state.note(event, sentinel)
  return state
}

describe('a primary whose failover was announced', () => {
  it('is over, and the chosen replica may be followed though no Sentinel names it', () => {
    const state = after([begun, 'a'], [chosen, 'a'])
    expect(state.isDeposed(OLD)).toBe(true)
    expect(state.isChosen(NEXT)).toBe(true)
    expect(state.among([{ address: old, votes: 3 }])).toEqual([{ address: next, votes: 0 }])
    expect(state.among([{ address: next, votes: 1 }])).toEqual([{ address: next, votes: 1 }])
  })

  it('is the primary again when the Sentinel that leads the failover gives it up', () => {
    expect(after([begun, 'a'], [aborted, 'a']).isDeposed(OLD)).toBe(false)
    expect(after([begun, 'a'], [chosen, 'a'], [aborted, 'a']).isDeposed(OLD)).toBe(false)
  })

  it('stays over when another Sentinel gives up, which was not elected', () => {
    const state = after([begun, 'a'], [chosen, 'a'], [aborted, 'b'])
    expect(state.isDeposed(OLD)).toBe(true)
    expect(state.among([{ address: old, votes: 3 }])).toEqual([{ address: next, votes: 0 }])
  })

  it('stays over when the failover of another primary is given up', () => {
    expect(after([begun, 'a'], [{ type: 'aborted', from: other }, 'a']).isDeposed(OLD)).toBe(true)
  })

  it('is the primary again when nothing more was heard for 10 s', () => {
    let now = 1000
    const state = new FailoverState(() => now)
    state.note(chosen, 'a')
    now += 9999
    expect([state.isDeposed(OLD), state.isChosen(NEXT)]).toEqual([true, true])
    now += 1
    expect([state.isDeposed(OLD), state.isChosen(NEXT)]).toEqual([false, false])
    expect(state.among([{ address: old, votes: 3 }])).toEqual([{ address: old, votes: 3 }])
  })
})
