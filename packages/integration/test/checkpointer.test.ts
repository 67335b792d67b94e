import { describeCheckpointer } from '@cairnkit/conformance'
import { CairnSaver } from '@cairnkit/langgraph'
import * as runner from 'vitest'
import { openCell } from '../src/cell-under-test.js'

const cell = await openCell('checkpointer')
runner.afterAll(async () => await cell[Symbol.asyncDispose]())

// One driver for all: a checkpointer is cheap, a connection is not.
const driver = cell.driver()

describeCheckpointer(runner, {
  name: 'CairnSaver',
  createCheckpointer: (options) => new CairnSaver(driver, options),
})
