import { describeThreads } from '@cairnkit/conformance'
import { CairnSaver, CairnThreads } from '@cairnkit/langgraph'
import * as runner from 'vitest'
import { openCell } from '../src/cell-under-test.js'

const cell = await openCell('threads')
runner.afterAll(async () => await cell[Symbol.asyncDispose]())

const driver = cell.driver()

describeThreads(runner, {
  name: 'CairnThreads',
  createDriver: () => driver,
  createThreads: (on, options) => new CairnThreads(on, options),
  createSaver: (on, threads) =>
    new CairnSaver(on, threads === undefined ? {} : { threads: threads as CairnThreads }),
})
