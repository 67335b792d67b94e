import { type StorageDriverHarness, describeStorageDriver } from '@cairnkit/conformance'
import type { StorageDriver } from '@cairnkit/core/driver'
import { createMemoryDriver } from '@cairnkit/memory'
import { describe, expect, it } from 'vitest'
import { withChanges } from './broken-driver.js'
import { CollectingRunner, type Outcome, type Place } from './collecting-runner.js'
import { faultsOfCommits } from './faults-of-commits.js'
import { faultsOfLife } from './faults-of-life.js'
import { faultsOfReads } from './faults-of-reads.js'

const TIMEOUT_MS = 180_000

async function runSuite(
  breaks: (driver: StorageDriver) => Partial<StorageDriver>,
  wanted?: (place: Place) => boolean,
): Promise<Outcome[]> {
  let now = 0
  const harness: StorageDriverHarness = {
    name: 'broken',
    createDriver: () => {
      const driver = createMemoryDriver({ clock: () => now })
      return withChanges(driver, breaks(driver))
    },
    model: () => createMemoryDriver(),
    advance: (ms) => {
      now += ms
    },
  }
  const runner = new CollectingRunner()
  describeStorageDriver(runner, harness)
  return await runner.run(10_000, wanted)
}

function namesOf(outcomes: readonly Outcome[], state: Outcome['state']): string[] {
  return outcomes.filter((outcome) => outcome.state === state).map(({ name }) => name)
}

describe('the driver suite', () => {
  it(
    'passes on a driver that keeps the contract, and gives a reason for each skip',
    async () => {
      const outcomes = await runSuite(() => ({}))
      expect(outcomes.filter(({ state }) => state === 'failed')).toEqual([])
      expect(outcomes.length).toBeGreaterThan(400)
      expect(outcomes.filter(({ state, reason }) => state === 'skipped' && reason === '')).toEqual([])
    },
    TIMEOUT_MS,
  )

  it('has no two tests of the same name', async () => {
    const names = (await runSuite(() => ({}))).map(({ name }) => name)
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  })

  it.each([...faultsOfCommits, ...faultsOfReads, ...faultsOfLife])(
    'notices a driver that $name',
    async ({ breaks, noticedBy }) => {
      const outcomes = await runSuite(breaks, ({ name }) => noticedBy.includes(name))
      expect(outcomes.map(({ name }) => name)).toEqual(expect.arrayContaining([...noticedBy]))
      expect(namesOf(outcomes, 'failed')).toEqual(expect.arrayContaining([...noticedBy]))
    },
    TIMEOUT_MS,
  )
})
