import type { StorageDriver } from '@cairnkit/core'
import { labFacts } from '@cairnkit/redis-lab'
import type { TestContext } from 'vitest'
import { type CellUnderTest, openCell } from '../../src/cell-under-test.js'
import { type RedisStorage, redisDriver } from '../../src/redis-driver.js'
import { type ReplicatedLab, startReplicatedLab } from '../../src/replicated-lab.js'

/** A deployment with replicas. */
export interface Replicated {
  readonly storage: RedisStorage
  readonly servers: ReplicatedLab
}

/** The storage of the tests, with replicas where it can have them. */
export interface Stage extends AsyncDisposable {
  readonly cell: CellUnderTest
  /** `undefined` where there are no servers. */
  readonly replicated: Replicated | undefined
  /** A new driver, as another process would have it. Closed with the stage. */
  readonly driver: () => StorageDriver
  /** Skips the test where there are no replicas. */
  readonly needsReplicas: (context: TestContext) => Replicated
}

export async function openStage(): Promise<Stage> {
  const cell = await openCell('durability')
  const { storage } = cell.cell
  const replicated =
    storage.kind === 'redis' ? { storage, servers: await startReplicatedLab(storage.topology) } : undefined
  const opened: StorageDriver[] = []
  return {
    cell,
    replicated,
    driver: () => {
      if (replicated === undefined) return cell.driver()
      const driver = redisDriver(replicated.storage, labFacts(replicated.servers.lab), cell.keyPrefix)
      opened.push(driver)
      return driver
    },
    needsReplicas: (context) => replicated ?? context.skip('the storage has no replicas'),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(opened.map(async (driver) => await driver.close()))
      await replicated?.servers[Symbol.asyncDispose]()
      await cell[Symbol.asyncDispose]()
    },
  }
}

/** Does its work while every replica stands still. */
export async function whileStalled<T>(servers: ReplicatedLab, work: () => Promise<T>): Promise<T> {
  await servers.stall()
  try {
    return await work()
  } finally {
    await servers.resume()
  }
}
