import { describe, expect, test } from 'vitest'
import { countErrors, judgeErrors } from '../src/check/judge-errors.js'
import { judgeLosses } from '../src/check/judge-losses.js'
import { outages } from '../src/check/outages.js'
import type { LogEntry, LoggedError, TurnEntry, WritesEntry } from '../src/log/entry.js'
import type { FaultRecord } from '../src/log/fault-record.js'
import { faultRecord } from './support/fault-record.js'

function acknowledgedAt(at: number, thread = 'w1-0-1'): WritesEntry {
  const place = { namespace: '', checkpointId: 'c', taskId: 't', writes: [] }
  return { type: 'writes', at, thread, ...place, outcome: { ok: true } }
}

describe('losses', () => {
  const loss = (at: number) => ({ type: 'lost', what: 'write', thread: 'w1-0-1', place: '/c', at }) as const
  const faults = [
    faultRecord('kill', 10_000, false),
    faultRecord('freeze', 20_000, true),
    faultRecord('empty', 30_000, true),
  ]
  const judged = (at: number, among: readonly FaultRecord[]) => judgeLosses([loss(at)], among, [])[0]?.to

  test('one under a fault that may lose is measured, a moment before it too', () => {
    expect(judged(20_500, faults)).toBe('freeze')
    expect(judged(19_500, faults)).toBe('freeze')
  })

  test('one under a fault that may not lose, or under none, breaks the run', () => {
    const [kill, freeze] = faults
    expect(judged(10_500, [kill, freeze] as FaultRecord[])).toBeUndefined()
    expect(judged(15_000, [kill, freeze] as FaultRecord[])).toBeUndefined()
    expect(judged(21_001, [kill, freeze] as FaultRecord[])).toBeUndefined()
  })

  test('a server that comes back empty may take whatever was acknowledged before', () => {
    expect(judged(10_500, faults)).toBe('empty')
    expect(judged(31_500, faults)).toBeUndefined()
  })

  test('it is told whether the thread went on', () => {
    const put = (at: number): LogEntry => {
      const rest = { namespace: '', checkpointId: 'd', parentId: 'c', values: {}, metadata: '' }
      return { type: 'put', at, thread: 'w1-0-1', ...rest, outcome: { ok: true } }
    }
    const wentOn = (among: readonly FaultRecord[], lastPut: number) =>
      judgeLosses([loss(20_500)], among, [put(lastPut)])[0]?.wentOn
    expect(wentOn(faults.slice(0, 2), 20_600)).toBe(false)
    expect(wentOn(faults.slice(0, 2), 20_950)).toBe(true)
    // Healed after the first of two, it may have ended, and the second took it again.
    expect(wentOn(faults, 20_950)).toBe(false)
    expect(wentOn(faults, 30_950)).toBe(true)
  })
})

describe('errors', () => {
  const faults = [faultRecord('kill', 10_000, false), faultRecord('flush', 20_000, false)]
  const storage = { name: 'StorageError', message: 'gone', disposition: 'ambiguous' } as const
  const turn = (startedAt: number, at: number, error: LoggedError): TurnEntry => {
    return { type: 'turn', action: 'invoke', thread: 'w1-0-1', startedAt, at, outcome: { ok: false, error } }
  }
  const timeout: LoggedError = { ...storage, code: 'timeout' }
  const reasons = (...turns: TurnEntry[]) => judgeErrors(turns, faults).map(({ reason }) => reason)

  test('one of a code that the fault explains is right, for a call that began before the fault too', () => {
    expect(reasons(turn(10_100, 10_200, timeout), turn(9000, 10_200, timeout))).toEqual([])
  })

  test('one without a fault is wrong', () => {
    expect(reasons(turn(12_000, 12_100, timeout))).toEqual(['timeout (ambiguous): gone (no fault was on)'])
  })

  test('one that the fault does not explain is wrong', () => {
    expect(reasons(turn(20_000, 20_100, timeout))).toEqual(['timeout (ambiguous): gone (under flush)'])
    const corrupt: LoggedError = { ...storage, code: 'corrupt' }
    expect(reasons(turn(10_000, 10_100, corrupt))).toEqual(['corrupt (ambiguous): gone (under kill)'])
  })

  test('what is no StorageError is wrong at any time', () => {
    const raw = {
      name: 'SocketClosedUnexpectedlyError',
      message: 'closed',
      code: undefined,
      disposition: undefined,
    }
    expect(reasons(turn(10_000, 10_100, raw))).toEqual([
      'SocketClosedUnexpectedlyError: closed (no StorageError)',
    ])
    expect(countErrors([turn(0, 1, raw), turn(0, 1, timeout), turn(0, 1, timeout)])).toEqual([
      { what: 'timeout (ambiguous)', count: 2 },
      { what: 'SocketClosedUnexpectedlyError', count: 1 },
    ])
  })
})

describe('outages', () => {
  test('the longest gap of one writer counts, over its threads, for the fault it falls in', () => {
    const faults = [faultRecord('kill', 10_000, false), faultRecord('cut', 11_500, false)]
    const entries = [
      ...[9900, 10_900, 11_450, 12_650, 12_700, 15_000].map((at) => acknowledgedAt(at, 'w1-0-1')),
      ...[9800, 10_100, 10_400].map((at) => acknowledgedAt(at, 'w1-1-1')),
      ...[11_400, 12_300].map((at) => acknowledgedAt(at, 'w1-1-2')),
    ]
    const found = outages(entries, faults)
    expect(Object.fromEntries(found.byKind)).toEqual({ kill: 1000, cut: 1200 })
    expect(found).toMatchObject({ quietMs: 2300, longestMs: 2300 })
  })

  test('what was refused is no sign of life', () => {
    const error = { name: 'StorageError', message: '', code: 'timeout', disposition: 'ambiguous' } as const
    const refused: WritesEntry = { ...acknowledgedAt(500), outcome: { ok: false, error } }
    expect(outages([acknowledgedAt(0), refused, acknowledgedAt(1000)], []).longestMs).toBe(1000)
  })
})
