import type { StorageDriver } from '@cairnkit/core'
import type { CellUnderTest } from './cell-under-test.js'
import { CommandLog } from './command-log.js'

/** Counts the round trips that a piece of work costs. */
export interface TripCounter extends AsyncDisposable {
  /** The driver whose trips are counted. */
  readonly driver: StorageDriver
  /** What went over the border, one name for each trip: commands of the server, or methods of an embedded driver. */
  during(work: () => Promise<unknown>): Promise<readonly string[]>
}

/** On a server the server itself counts; an embedded driver has no wire, there a call is what a trip is elsewhere. */
export async function tripCounter(cell: CellUnderTest): Promise<TripCounter> {
  if (cell.lab === undefined) return callCounter(cell.driver())
  const log = await CommandLog.open(cell.lab)
  return {
    driver: cell.driver(),
    during: async (work) => (await log.during(cell.keyPrefix, work)).map(({ name }) => name),
    [Symbol.asyncDispose]: async () => await log[Symbol.asyncDispose](),
  }
}

function callCounter(driver: StorageDriver): TripCounter {
  const calls: string[] = []
  return {
    driver: watched(driver, (method) => calls.push(method)),
    during: async (work) => {
      calls.length = 0
      await work()
      return [...calls]
    },
    [Symbol.asyncDispose]: async () => {},
  }
}

/** The driver, telling of each call at the instant it is made. */
export function watched(
  driver: StorageDriver,
  onCall: (method: 'read' | 'commit' | 'drop') => void,
): StorageDriver {
  return {
    name: driver.name,
    capabilities: driver.capabilities,
    open: async (options) => await driver.open(options),
    close: async (options) => await driver.close(options),
    read: async (...args) => {
      onCall('read')
      return await driver.read(...args)
    },
    commit: async (...args) => {
      onCall('commit')
      return await driver.commit(...args)
    },
    drop: async (...args) => {
      onCall('drop')
      return await driver.drop(...args)
    },
    partitions: (prefix, options) => driver.partitions(prefix, options),
    classify: (cause) => driver.classify(cause),
    [Symbol.asyncDispose]: async () => await driver[Symbol.asyncDispose](),
  }
}
