import type { StorageDriverHarness } from '@cairnkit/conformance'
import { createLmdbDriver } from '@cairnkit/lmdb'
import { createMemoryDriver } from '@cairnkit/memory'
import type { CellUnderTest } from './cell-under-test.js'
import { networkOf } from './network.js'
import { tamperOf } from './tamper.js'

/** How the driver suite makes drivers in this cell, and what it can do to their storage. */
export function driverHarness(cell: CellUnderTest): Omit<StorageDriverHarness, 'name' | 'model' | 'cleanUp'> {
  const { storage } = cell.cell
  // A server has a clock of its own; what is in this process takes one that can be set.
  let now = Date.now()
  const clock = (): number => now
  const advance = (ms: number): void => void (now += ms)
  switch (storage.kind) {
    case 'memory':
      return { createDriver: () => createMemoryDriver({ clock }), advance }
    case 'lmdb': {
      if (cell.remote?.kind !== 'directory') throw new Error(`${cell.cell.name} has no directory`)
      const { path } = cell.remote
      const createDriver = (): ReturnType<typeof createLmdbDriver> => createLmdbDriver({ path, clock })
      return { createDriver, secondDriver: createDriver, advance }
    }
    case 'redis':
      return {
        createDriver: () => cell.driver(),
        secondDriver: () => cell.driver(),
        ...tamperOf(cell),
        ...networkOf(cell),
      }
  }
}
