import { expect, test } from 'vitest'
import type { Finding } from '../src/check/findings.js'
import type { LogEntry, Outcome } from '../src/log/entry.js'
import { cellText } from '../src/output/cell-text.js'
import { verdictLine } from '../src/output/verdict-line.js'
import { type CellReport, reportOf } from '../src/report/cell-report.js'
import { faultRecord } from './support/fault-record.js'

const refused: Outcome = {
  ok: false,
  error: { name: 'StorageError', message: 'gone', code: 'timeout', disposition: 'ambiguous' },
}

function put(at: number, outcome: Outcome = { ok: true }): LogEntry {
  const rest = { namespace: '', checkpointId: `c${at}`, parentId: undefined, values: {}, metadata: '' }
  return { type: 'put', at, thread: 'w1-0-1', ...rest, outcome }
}

function turn(at: number, outcome: Outcome): LogEntry {
  return { type: 'turn', action: 'invoke', thread: 'w1-0-1', startedAt: at - 10, at, outcome }
}

function report(findings: readonly Finding[], problems: readonly string[] = []): CellReport {
  return reportOf({
    plan: {
      topology: 'sentinel',
      clients: ['ioredis'],
      saver: { replicas: 1, healing: undefined },
      faults: ['kill', 'freeze'],
      minutes: undefined,
      seed: 7,
      writers: 1,
      network: 'namespaces',
    },
    seconds: 12,
    faults: [faultRecord('kill', 1000, false), faultRecord('freeze', 3000, true)],
    logs: [
      {
        client: 'ioredis',
        entries: [
          put(900),
          put(1500, refused),
          turn(1500, refused),
          put(1900),
          put(4100),
          turn(4100, { ok: true }),
        ],
      },
    ],
    findings,
    healed: { checkpoints: 0, writes: 0 },
    problems,
    warnings: [],
    directory: '/tmp/logs',
  })
}

const lost = (at: number): Finding => {
  return { type: 'lost', what: 'checkpoint', thread: 'w1-0-1', place: `/c${at}`, at }
}

test('a run that kept its promises says so, and what it measured', () => {
  const held = report([lost(3500)])
  expect(held.broken).toEqual([])
  expect(held).toMatchObject({ operations: 4, acknowledgedCheckpoints: 3, refused: 1, found: { lost: 1 } })
  expect(held.faults).toMatchObject([
    { kind: 'kill', times: 1, lost: 0, mayLose: false },
    { kind: 'freeze', times: 1, lost: 1, lostThoughWentOn: 1, mayLose: true },
  ])
  expect(held.clients).toMatchObject([
    { longestOutageMs: 2200, errors: [{ what: 'timeout (ambiguous)', count: 1 }] },
  ])
  const text = cellText(held)
  expect(text).toMatch(/^kill +1 +1\.0 s +- +-$/m)
  expect(text).toMatch(/^freeze +1 +2\.2 s +1 +1$/m)
  expect(text).not.toContain('BROKEN')
  expect(verdictLine([held])).toMatch(
    /^chaos: held, .*3 acknowledged under 2 faults on sentinel in 12\.0 s, 1 lost where Redis/,
  )
})

test('a loss that Redis may not inflict, a blemish, a wrong error and a death each break it', () => {
  const mixed: Finding = {
    type: 'mixed',
    thread: 'w1-0-1',
    place: '/c900',
    detail: 'holds something of w2-0-1',
  }
  const broken = report([lost(1500), mixed], ['w1 (ioredis) ended with SIGSEGV'])
  expect(broken.broken).toEqual([
    'w1 (ioredis) ended with SIGSEGV',
    'lost: checkpoint of thread w1-0-1, /c1500, acknowledged 500 ms into fault 1 (kill of primary-1)',
    'mixed: thread w1-0-1, /c900: holds something of w2-0-1',
  ])
  expect(cellText(broken)).toContain('logs: /tmp/logs')
  expect(verdictLine([broken])).toMatch(/^chaos: BROKEN in 3 places, /)
})
