import type { StorageDriverHarness } from '@cairnkit/conformance'
import { labFacts } from '@cairnkit/redis-lab'
import type { CellUnderTest } from './cell-under-test.js'
import { proxiedDriver } from './proxied-driver.js'

/** The network before the storage of a cell, where there is one. */
export function networkOf({
  cell,
  lab,
  keyPrefix,
}: CellUnderTest): Pick<StorageDriverHarness, 'throughProxy'> {
  const { storage } = cell
  if (lab === undefined || storage.kind !== 'redis') return {}
  return {
    throughProxy: async (timeoutMs) => await proxiedDriver(storage, labFacts(lab), keyPrefix, timeoutMs),
  }
}
