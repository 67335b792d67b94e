import { setTimeout as delay } from 'node:timers/promises'
import { type RetryEvent, Keyspace } from '@cairnkit/core'
import { CairnSaver } from '@cairnkit/langgraph'
import { labFacts, startLab, waitFor } from '@cairnkit/redis-lab'
import { expect, test } from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { chatGraph, human, textsOf, threadConfig } from '../src/graphs.js'
import { redisDriver } from '../src/redis-driver.js'
import { Writers, partitionsOn } from '../src/writers.js'

test.concurrent.for(['killed', 'frozen'] as const)(
  'writers go on without an error when their primary is %s',
  async (fate, context) => {
    await using cell = await openCell('failover')
    const { storage } = cell.cell
    if (storage.kind !== 'redis' || !['sentinel', 'cluster'].includes(storage.topology))
      return context.skip('there is no server that could take over')
    await using lab = await startLab(storage.topology, { failover: 'soon' })
    const driver = redisDriver(storage, labFacts(lab), cell.keyPrefix)
    const keyspace = new Keyspace(driver, ['failover'])
    const [victim] = lab.nodes
    const writers = new Writers(await partitionsOn(lab, victim, keyspace, cell.keyPrefix, 8))
    const goOn = async (): Promise<void> => {
      const before = [...writers.counts]
      await waitFor('every writer goes on', () =>
        writers.counts.every((count, at) => count > (before[at] ?? 0) + 2) ? true : undefined,
      )
    }
    await goOn()
    await (fate === 'killed' ? victim.kill() : victim.pause())
    // What was under way is through: from here on nothing is acknowledged until another server is the primary.
    await delay(100)
    await goOn()
    expect((await writers.stop()).errors).toEqual([])
    await driver.close()
  },
)

test('a graph runs through a restart of its server, and the application sees no error', async (context) => {
  await using cell = await openCell('restart')
  const { storage } = cell.cell
  if (storage.kind !== 'redis') return context.skip('there is no server that could restart')
  if (storage.topology === 'sentinel' || storage.topology === 'cluster')
    return context.skip('another server takes over: see the test above')
  await using lab = await startLab(storage.topology, { appendOnly: true })
  const retries: RetryEvent[] = []
  const driver = redisDriver(storage, labFacts(lab), cell.keyPrefix)
  const saver = new CairnSaver(driver, { observer: { onRetry: (event) => retries.push(event) } })
  const graph = chatGraph(saver)
  const turns = 12
  // That a server cannot be reached at first is an error, so that a wrong address is told.
  await driver.open()
  const runs = Array.from({ length: 4 }, async (_, run) => {
    for (let turn = 0; turn < turns; turn++) {
      await graph.invoke(human(`message ${turn}`), threadConfig(`restart-${run}`))
      await delay(50)
    }
  })
  for (const end of ['killed', 'stopped']) {
    await delay(150)
    if (end === 'killed') await lab.nodes[0].kill()
    await delay(300)
    await lab.nodes[0].restart()
  }
  await Promise.all(runs)
  expect(retries.length).toBeGreaterThan(0)
  for (let run = 0; run < runs.length; run++) {
    const { values } = await graph.getState(threadConfig(`restart-${run}`))
    expect(textsOf((values as { messages: Parameters<typeof textsOf>[0] }).messages)).toEqual(
      Array.from({ length: turns }, (_, turn) => [`message ${turn}`, `answer ${turn * 2 + 1}`]).flat(),
    )
  }
  await driver.close()
})
