import { StorageError } from '@cairnkit/core'
import { CairnSaver } from '@cairnkit/langgraph'
import { labFacts, startLab } from '@cairnkit/redis-lab'
import { expect, test } from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { chatGraph, human, threadConfig } from '../src/graphs.js'
import { redisDriver } from '../src/redis-driver.js'

test('an outage is an error and never an empty thread, and the driver still closes', async (context) => {
  await using cell = await openCell('outage')
  const { storage } = cell.cell
  if (storage.kind !== 'redis') return context.skip('there is no server that could go')
  await using lab = await startLab(storage.topology)
  const driver = redisDriver(storage, labFacts(lab), cell.keyPrefix)
  const saver = new CairnSaver(driver, { timeoutMs: 2000 })
  await chatGraph(saver).invoke(human('hello'), threadConfig('outage'))

  await Promise.all(lab.nodes.map(async (node) => await node.kill()))
  const failure: unknown = await saver.getTuple(threadConfig('outage')).then(
    (tuple) => new Error(`got ${JSON.stringify(tuple)}`),
    (cause: unknown) => cause,
  )
  if (!StorageError.isInstance(failure)) throw failure
  expect(['unavailable', 'timeout']).toContain(failure.code)
  const startedAt = performance.now()
  await driver.close()
  expect(performance.now() - startedAt).toBeLessThan(30_000)
  await expect(saver.getTuple(threadConfig('outage'))).rejects.toMatchObject({ code: 'closed' })
})
