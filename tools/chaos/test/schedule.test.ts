import { expect, test } from 'vitest'
import { faultKinds, faults, faultsOf } from '../src/faults/index.js'
import { schedule } from '../src/run/schedule.js'

const quietMs = { least: 100, most: 200 }

function first(count: number, seed: number) {
  const appointments = schedule(seed, faultKinds, quietMs)
  return Array.from({ length: count }, () => appointments.next().value)
}

test('a schedule only depends on its seed', () => {
  expect(first(40, 7)).toEqual(first(40, 7))
  expect(first(40, 7)).not.toEqual(first(40, 8))
})

test('every fault comes once before any comes again, in an order that changes', () => {
  const kinds = first(5 * faultKinds.length, 3).map(({ kind }) => kind)
  const rounds = Array.from({ length: 5 }, (_, at) =>
    kinds.slice(at * faultKinds.length, (at + 1) * faultKinds.length),
  )
  for (const round of rounds) expect([...round].sort()).toEqual([...faultKinds].sort())
  expect(new Set(rounds.map(String)).size).toBeGreaterThan(1)
})

test('writers are left alone for as long as was said', () => {
  const quiet = first(200, 5).map((appointment) => appointment.quietMs)
  expect(Math.min(...quiet)).toBeGreaterThanOrEqual(100)
  expect(Math.max(...quiet)).toBeLessThanOrEqual(200)
  expect(new Set(quiet).size).toBeGreaterThan(50)
})

test('a topology gets the faults that it knows', () => {
  expect(faultsOf('cluster', faultKinds)).toContain('migrate')
  expect(faultsOf('sentinel', faultKinds)).not.toContain('migrate')
  expect(() => schedule(1, faultsOf('standalone', ['migrate']), quietMs).next()).toThrow('needs a fault')
})

test('what Redis may lose depends on how many replicas acknowledge', () => {
  const sentinel = { topology: 'sentinel', replicaCount: 2 } as const
  const losing = (replicas: number) =>
    faultKinds.filter((kind) => faults[kind].mayLose({ ...sentinel, replicas }))
  expect(losing(2)).toEqual(['empty'])
  expect(losing(1)).toEqual(['empty'])
  expect(losing(0)).toEqual(['kill', 'restart', 'empty', 'freeze', 'stall', 'failover', 'cut'])
})
