import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { StorageDriver } from '@cairnkit/core'
import { createMemoryDriver } from '@cairnkit/memory'
import { type Lab, attachLab } from '@cairnkit/redis-lab'
import { inject } from 'vitest'
import type { Cell } from './cells.js'
import { askForLab } from './lab-on-demand.js'
import { type RemoteStorage, openRemote } from './remote-storage.js'

/** The storage of this cell as one test file sees it: nothing that another file wrote. */
export interface CellUnderTest extends AsyncDisposable {
  readonly cell: Cell
  /** A new driver over the storage of this file, as another process would have it. Closed with the cell. */
  driver(): StorageDriver
  /** The servers, where there are any. */
  readonly lab: Lab | undefined
  /** What another process needs to open the same storage; `undefined` where no other process can. */
  readonly remote: RemoteStorage | undefined
  /** The prefix of every key that the drivers write. */
  readonly keyPrefix: string
}

/** `scope` names the test file. */
export async function openCell(scope: string): Promise<CellUnderTest> {
  const cell = inject('cell')
  const place = inject('place')
  const keyPrefix = `cairn-${scope}-${crypto.randomUUID().slice(0, 8)}`
  switch (place.kind) {
    case 'process': {
      // There is no other process: everybody has the same driver, and only the cell closes it.
      const driver = createMemoryDriver()
      return cellOf(
        { cell, keyPrefix, lab: undefined, remote: undefined },
        () => driver,
        async () => {},
      )
    }
    case 'directory': {
      const path = await mkdtemp(join(place.path, `${scope}-`))
      const remove = async (): Promise<void> => await rm(path, { recursive: true, force: true })
      const remote = { kind: 'directory' as const, path }
      return cellOf({ cell, keyPrefix, lab: undefined, remote }, () => openRemote(remote), remove)
    }
    case 'lab': {
      if (cell.storage.kind !== 'redis') throw new Error(`${cell.name} has a lab and is no Redis cell`)
      const { storage } = cell
      const facts = await askForLab(place.socketPath)
      const lab = attachLab(facts)
      const remote = { kind: 'lab' as const, storage, facts, keyPrefix }
      return cellOf(
        { cell, keyPrefix, lab, remote },
        () => openRemote(remote),
        async () => await lab.stop(),
      )
    }
  }
}

function cellOf(
  facts: Pick<CellUnderTest, 'cell' | 'keyPrefix' | 'lab' | 'remote'>,
  create: () => StorageDriver,
  cleanUp: () => Promise<void>,
): CellUnderTest {
  const drivers = new Set<StorageDriver>()
  return {
    ...facts,
    driver: () => {
      const driver = create()
      drivers.add(driver)
      return driver
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...drivers].map(async (driver) => await driver.close()))
      await cleanUp()
    },
  }
}
