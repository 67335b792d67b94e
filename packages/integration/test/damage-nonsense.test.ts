import { Keyspace } from '@cairnkit/core'
import { CairnSaver } from '@cairnkit/langgraph'
import { uuid6 } from '@langchain/langgraph-checkpoint'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { openCell } from '../src/cell-under-test.js'
import { threadConfig } from '../src/graphs.js'
import { histories } from './damage/histories.js'
import { nonsense, written } from './damage/nonsense.js'
import { faultOfError, outcomeOf, placesOf, readFromSaver } from './damage/readings.js'

/** `CAIRN_DAMAGE_MS`: how long to go on, for a long form; `CAIRN_SEED`: the seed to begin with. */
const TIME_MS = Number(process.env['CAIRN_DAMAGE_MS'] ?? 1500)
const seed = Number(process.env['CAIRN_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

const STEP = { source: 'loop' as const, step: 0, parents: {} }

const cell = await openCell('damage-nonsense')
afterAll(async () => await cell[Symbol.asyncDispose]())
const driver = cell.driver()

test('what is well kept and means nothing is an error of the storage, and no other one', async () => {
  const history = histories.at(-1)
  if (history === undefined) throw new Error('There is no history')
  const threadId = 'nonsense'
  const fresh = (): CairnSaver => new CairnSaver(driver)
  await history.play(fresh(), threadId)
  const partition = new Keyspace(driver, ['thread']).partition(threadId)
  const [{ records, objects }] = await partition.read([{ type: 'range', prefix: [], follow: 'all' }])
  const places = await placesOf(fresh(), threadId)
  const latest = await fresh().getTuple(threadConfig(threadId))
  if (latest === undefined) throw new Error('There is no checkpoint')
  // Channels that did not change make the saver look into what is there.
  const goOn = async (saver: CairnSaver): Promise<unknown> =>
    await saver.put(latest.config, { ...latest.checkpoint, id: uuid6(-3) }, latest.metadata ?? STEP, {})
  const tally = { trials: 0, values: 0, refused: 0 }
  const until = performance.now() + TIME_MS
  await fc.assert(
    fc.asyncProperty(fc.array(nonsense, { minLength: 1, maxLength: 2 }), async (several) => {
      // However slow the machine is, something is refused.
      if (tally.refused > 0 && performance.now() > until) return
      await partition.drop()
      await partition.commit({
        mutations: [
          ...[...objects].map(([id, object]) => ({ type: 'object' as const, id, ...object })),
          ...records.map((record) => ({ type: 'put' as const, ...record })),
          ...several.flatMap((one) => written(records, objects, one)),
        ],
      })
      tally.trials += 1
      const outcomes = [
        ...(await readFromSaver(fresh(), places)),
        ['put', await outcomeOf(async () => await goOn(fresh()))] as const,
      ]
      for (const [read, outcome] of outcomes) {
        const fault = outcome.ok ? undefined : faultOfError(outcome.cause, places)
        if (fault !== undefined) throw new Error(`${read} failed with ${fault}`)
        if (outcome.ok) tally.values += 1
        else tally.refused += 1
      }
    }),
    { seed, numRuns: TIME_MS, endOnFailure: true },
  )
  console.log(`nonsense (seed ${seed}): ${JSON.stringify(tally)}`)
  expect(tally.refused).toBeGreaterThan(0)
})
