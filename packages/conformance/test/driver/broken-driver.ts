import type { StorageDriver } from '@cairnkit/core/driver'
import type { Fault } from '../proof/proof.js'

/** A way to break the contract, and tests that must notice. */
export interface BrokenDriver extends Fault {
  readonly breaks: (driver: StorageDriver) => Partial<StorageDriver>
}

/** `driver`, but for what `changes` does in another way. */
export function withChanges(driver: StorageDriver, changes: Partial<StorageDriver>): StorageDriver {
  return {
    name: driver.name,
    capabilities: driver.capabilities,
    open: (options) => driver.open(options),
    close: (options) => driver.close(options),
    read: (partition, reads, options) => driver.read(partition, reads, options),
    commit: (partition, batch, options) => driver.commit(partition, batch, options),
    drop: (partition, options) => driver.drop(partition, options),
    partitions: (prefix, options) => driver.partitions(prefix, options),
    classify: (cause) => driver.classify(cause),
    [Symbol.asyncDispose]: () => driver.close(),
    ...changes,
  }
}

export async function tick(): Promise<void> {
  await new Promise(setImmediate)
}
