import { describePrograms } from '@cairnkit/conformance/programs'
import { cairnSubject } from '@cairnkit/programs'
import * as runner from 'vitest'
import { openCell } from '../src/cell-under-test.js'

const cell = await openCell('programs')
runner.afterAll(async () => await cell[Symbol.asyncDispose]())

/** What a program finds is seldom up to the driver: most of them run where they cost least. Each cell draws its own. */
const PROGRAMS = cell.cell.storage.kind === 'memory' ? 40 : 12

describePrograms(runner, {
  name: 'CairnSaver',
  programs: PROGRAMS,
  ...cairnSubject({ drivers: [cell.driver(), cell.driver()], hasReplicas: hasReplicas() }),
})

function hasReplicas(): boolean {
  const { storage } = cell.cell
  return storage.kind === 'redis' && (storage.topology === 'sentinel' || storage.topology === 'cluster')
}
