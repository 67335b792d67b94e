import { describeStorageDriver } from '@cairnkit/conformance'
import { createMemoryDriver } from '@cairnkit/memory'
import * as runner from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { driverHarness } from '../src/driver-harness.js'
import { serviceNamed } from '../src/service-user.js'

const cell = await openCell('driver')
const { storage } = cell.cell

if (
  storage.kind === 'redis' &&
  storage.service !== undefined &&
  serviceNamed(storage.service).waits.length === 0
)
  runner.beforeEach((context) => {
    if (context.task.suite?.name === 'durability') context.skip('the service publishes no WAIT')
  })

describeStorageDriver(runner, {
  name: cell.cell.name,
  model: () => createMemoryDriver(),
  ...driverHarness(cell),
  cleanUp: async () => await cell[Symbol.asyncDispose](),
})
