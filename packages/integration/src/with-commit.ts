import type { StorageDriver } from '@cairnkit/core'

/** The driver with another way to commit. */
export function withCommit(driver: StorageDriver, commit: StorageDriver['commit']): StorageDriver {
  return {
    name: driver.name,
    capabilities: driver.capabilities,
    open: async (options) => await driver.open(options),
    close: async (options) => await driver.close(options),
    read: async (...args) => await driver.read(...args),
    commit,
    drop: async (...args) => await driver.drop(...args),
    partitions: (prefix, options) => driver.partitions(prefix, options),
    classify: (cause) => driver.classify(cause),
    [Symbol.asyncDispose]: async () => await driver[Symbol.asyncDispose](),
  }
}
