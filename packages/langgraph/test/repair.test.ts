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
            booleans.flatMap((mayHaveExpired) =>
              booleans.map((wasGone) => ({
                reason,
                mode,
                isHealed,
                isKept,
                isOfFound,
                isYoung,
                mayHaveExpired,
                wasGone,
              })),
            ),
          ),
        ),
      ),
    ),
  ),
)

/** The table of the source: the first row that fits counts. */
const table: readonly (readonly [Partial<RepairFacts>, RepairDecision])[] = [
  [{ isHealed: true }, 'go on'],
  [{ reason: 'lost', isKept: true }, 'restore tail'],
  [{ reason: 'lost' }, 'send all'],
  [
    {
      reason: 'epoch',
      mode: 'thread',
      isKept: true,
      isYoung: true,
      mayHaveExpired: false,
      wasGone: true,
    },
    'restore thread',
  ],
  [{ reason: 'epoch' }, 'forget'],
  [{ reason: 'restoration', isOfFound: true }, 'send all'],
  [{ reason: 'restoration' }, 'forget'],
]

function fits(wanted: Partial<RepairFacts>, facts: RepairFacts): boolean {
  return Object.entries(wanted).every(([name, value]) => facts[name as keyof RepairFacts] === value)
}

describe('what comes after an attempt that has failed', () => {
  test.each(table.map(([wanted, decision], at) => [JSON.stringify(wanted), decision, at] as const))(
    '%s: %s',
    (_, decision, at) => {
      const concerned = allFacts.filter((facts) => table.findIndex(([row]) => fits(row, facts)) === at)
      expect(concerned.length).toBeGreaterThan(0)
      for (const facts of concerned) expect(decideRepair(facts), JSON.stringify(facts)).toBe(decision)
    },
  )

  test('every case is in the table', () => {
    for (const facts of allFacts) expect(table.some(([row]) => fits(row, facts))).toBe(true)
  })
})
