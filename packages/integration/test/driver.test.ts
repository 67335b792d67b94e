import { describeStorageDriver } from '@cairnkit/conformance'
import { createMemoryDriver } from '@cairnkit/memory'
import * as runner from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { networkOf } from '../src/network.js'
import { tamperOf } from '../src/tamper.js'

const cell = await openCell('driver')

describeStorageDriver(runner, {
  name: cell.cell.name,
  // The suite closes what it creates, and drivers in memory share nothing.
  createDriver: () => (cell.cell.storage.kind === 'memory' ? createMemoryDriver() : cell.driver()),
  model: () => createMemoryDriver(),
  ...(cell.cell.storage.kind === 'memory' ? {} : { secondDriver: () => cell.driver() }),
  ...tamperOf(cell),
  ...networkOf(cell),
  cleanUp: async () => await cell[Symbol.asyncDispose](),
})
