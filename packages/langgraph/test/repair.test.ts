import { describe, expect, test } from 'vitest'
import { type RepairDecision, type RepairFacts, decideRepair } from '../src/healing/repair.js'

const booleans = [false, true] as const
const reasons = ['lost', 'epoch', 'restoration'] as const
const modes = ['tail', 'thread'] as const

const allFacts: readonly RepairFacts[] = reasons.flatMap((reason) =>
  modes.flatMap((mode) =>
    booleans.flatMap((isHealed) =>
      booleans.flatMap((isKept) =>
        booleans.flatMap((isOfFound) =>
          booleans.flatMap((isYoung) =>
            booleans.map((wasGone) => ({ reason, mode, isHealed, isKept, isOfFound, isYoung, wasGone })),
          ),
        ),
      ),
    ),
  ),
)

interface Row extends Partial<RepairFacts> {
  readonly decision: RepairDecision
}

/** The table of the source, the first row that fits counts. */
const table: readonly Row[] = [
  { isHealed: true, decision: 'go on' },
  { reason: 'lost', isKept: true, decision: 'restore tail' },
  { reason: 'lost', decision: 'send all' },
  {
    ...{ reason: 'epoch', mode: 'thread', isKept: true, isYoung: true, wasGone: true },
    decision: 'restore thread',
  },
  { reason: 'epoch', decision: 'forget' },
  { reason: 'restoration', isOfFound: true, decision: 'send all' },
  { reason: 'restoration', decision: 'forget' },
]

function fits({ decision: _, ...wanted }: Row, facts: RepairFacts): boolean {
  return Object.entries(wanted).every(([name, value]) => facts[name as keyof RepairFacts] === value)
}

describe('what comes after an attempt that has failed', () => {
  test.each(table.map((row, at) => [JSON.stringify(row), at] as const))('%s', (_, at) => {
    const concerned = allFacts.filter((facts) => table.findIndex((row) => fits(row, facts)) === at)
    expect(concerned.length).toBeGreaterThan(0)
    for (const facts of concerned)
      expect(decideRepair(facts), JSON.stringify(facts)).toBe(table[at]?.decision)
  })

  test('every case is in the table', () => {
    for (const facts of allFacts) expect(table.some((row) => fits(row, facts))).toBe(true)
  })
})
