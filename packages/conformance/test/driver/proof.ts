import { type StorageDriverHarness, describeStorageDriver } from '@cairnkit/conformance'
import { createMemoryDriver } from '@cairnkit/memory'
import { CollectingRunner } from '../proof/collecting-runner.js'
import type { Proof, RunSuite } from '../proof/proof.js'
import { type BrokenDriver, withChanges } from './broken-driver.js'
import { faultsOfChecks } from './faults-of-checks.js'
import { faultsOfCommits } from './faults-of-commits.js'
import { faultsOfCopies } from './faults-of-copies.js'
import { faultsOfExpiry } from './faults-of-expiry.js'
import { faultsOfLife } from './faults-of-life.js'
import { faultsOfPartitions } from './faults-of-partitions.js'
import { faultsOfReads } from './faults-of-reads.js'

const faults = [
  ...faultsOfCommits,
  ...faultsOfChecks,
  ...faultsOfReads,
  ...faultsOfCopies,
  ...faultsOfPartitions,
  ...faultsOfLife,
  ...faultsOfExpiry,
]

function suiteOn(breaks: BrokenDriver['breaks'], timeLimitMs: number): RunSuite {
  return async (wanted) => {
    let now = 0
    const harness: StorageDriverHarness = {
      name: 'memory, with a change',
      createDriver: () => {
        const driver = createMemoryDriver({ clock: () => now })
        return withChanges(driver, breaks(driver))
      },
      model: () => createMemoryDriver(),
      advance: (ms) => void (now += ms),
    }
    const runner = new CollectingRunner()
    describeStorageDriver(runner, harness)
    return await runner.run(timeLimitMs, wanted)
  }
}

export const driverProof: Proof = {
  suite: 'describeStorageDriver',
  kind: 'a driver',
  runUnbroken: suiteOn(() => ({}), 150_000),
  broken: faults.map(({ breaks, ...fault }) => ({ ...fault, runSuite: suiteOn(breaks, 10_000) })),
}
