import { describeStorageDriver } from '@cairnkit/conformance'
import { createMemoryDriver } from '@cairnkit/memory'
import * as runner from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { driverHarness } from '../src/driver-harness.js'

const cell = await openCell('driver')

describeStorageDriver(runner, {
  name: cell.cell.name,
  model: () => createMemoryDriver(),
  ...driverHarness(cell),
  cleanUp: async () => await cell[Symbol.asyncDispose](),
})
