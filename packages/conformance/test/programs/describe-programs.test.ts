import { MemorySaver } from '@langchain/langgraph-checkpoint'
import { expect, test } from 'vitest'
import {
  type KnownDifference,
  describePrograms,
  generalDifferences,
  graphOf,
  nodeOf,
  programOf,
} from '../../src/programs/index.js'
import { CollectingRunner, type Outcome } from '../proof/collecting-runner.js'
import { brokenSavers } from './broken-savers.js'

const TIMEOUT_MS = 180_000

interface Options {
  readonly isBroken: boolean
}

const broken = brokenSavers.find(({ name }) => name === 'forgets who is the parent')

async function outcomes(isBroken: boolean, known: readonly KnownDifference<Options>[]): Promise<Outcome[]> {
  const runner = new CollectingRunner()
  describePrograms<Options>(runner, {
    name: 'a saver',
    savers: { one: { options: { isBroken } } },
    create: (options) => (options.isBroken && broken !== undefined ? broken.create() : new MemorySaver()),
    programs: 4,
    seed: 3,
    known,
  })
  return await runner.run(TIMEOUT_MS)
}

const parents: KnownDifference<Options> = {
  name: 'parents',
  cause: 'it forgets who is the parent',
  origin: 'fault',
  concerns: () => true,
  without: { options: () => ({ isBroken: false }) },
  example: programOf(
    graphOf([nodeOf('n1')]),
    'one',
    { do: 'run', input: { kind: 'values', writes: [] } },
    { do: 'list', unversioned: false },
  ),
}

test('a saver that differs fails with the seed, a program that was made smaller, and what differs', async () => {
  const [random] = await outcomes(true, [])
  expect(random?.state).toBe('failed')
  expect(random?.reason).toMatch(
    /^Set CAIRN_SEED=\d+ to begin with this program\.\nProgram of seed \d+\nState: log, count\n/,
  )
  expect(random?.reason).toMatch(/\n {2}- \.gave\S*\.parent\.\(config\)\.checkpoint_id = "#\d+"/)
})

test('a difference that is known is no failure, as long as it is there', async () => {
  expect((await outcomes(true, [parents])).map(({ state }) => state)).toEqual(['passed', 'passed'])
})

test('a known difference that is gone fails: the list must shrink', async () => {
  const [random, still] = await outcomes(false, [parents])
  expect(random?.state).toBe('passed')
  expect(still).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining('take it off the list') as string,
  })
})

test('an excuse counts only for programs that have in them what it is about', async () => {
  const [random, still] = await outcomes(true, [{ ...parents, concerns: () => false }])
  expect(random?.state).toBe('failed')
  expect(still?.state).toBe('failed')
})

test('what differs for any saver with a storage is shown by a saver of that kind alone', async () => {
  const general = generalDifferences<Options>('one').map(({ name }) => name)
  const found = await outcomes(false, generalDifferences<Options>('one'))
  // MemorySaver beside itself: nothing of it is there.
  expect(found.filter(({ name }) => name.startsWith('still')).map(({ state }) => state)).toEqual(
    general.map(() => 'failed'),
  )
})
