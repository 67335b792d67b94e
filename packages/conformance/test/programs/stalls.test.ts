import { MemorySaver } from '@langchain/langgraph-checkpoint'
import { expect, test } from 'vitest'
import {
  StalledStep,
  describePrograms,
  differenceOf,
  graphOf,
  nodeOf,
  programOf,
} from '../../src/programs/index.js'
import type { GraphPlan } from '../../src/programs/plan/graph-plan.js'
import type { Action } from '../../src/programs/plan/step.js'
import { CollectingRunner } from '../proof/collecting-runner.js'

const TIMEOUT_MS = 180_000

/** One whose writes never end. */
class StuckSaver extends MemorySaver {
  override async putWrites(): Promise<void> {
    await new Promise(() => {})
  }
}

const run: Action = { do: 'run', input: { kind: 'values', writes: [] } }

test('a retry that a failing sibling has cancelled is not waited for, nor taken for a later one', async () => {
  const graph: GraphPlan = {
    ...graphOf([]),
    layers: [
      { link: 'all', nodes: [nodeOf('n1')] },
      {
        link: 'all',
        nodes: [
          nodeOf('n2', { act: 'fail', times: 2 }),
          { ...nodeOf('n3', { act: 'fail', times: 9 }), attempts: 2 },
        ],
      },
    ],
  }
  const subject = { savers: { one: { options: {} } }, create: () => new MemorySaver() }
  expect(await differenceOf(subject, programOf(graph, 'one', run, run, run, run))).toBeUndefined()
})

test('a step that does not end is told with the program and the side on which it hangs', async () => {
  const subject = {
    savers: { one: { options: {} } },
    create: () => new StuckSaver(),
    stepLimitMs: 4000,
  }
  const stalled = differenceOf(subject, programOf(graphOf([nodeOf('n1')]), 'one', run))
  await expect(stalled).rejects.toThrow(StalledStep)
  await expect(stalled).rejects.toThrow(
    /^Program\n[^]*\nStep 1 did not end within 4000 ms on the saver under test: thread A, saver one: invoke/,
  )
})

test('a suite of programs names the seed of one that does not end', async () => {
  const runner = new CollectingRunner()
  describePrograms(runner, {
    name: 'a saver',
    savers: { one: { options: {} } },
    create: () => new StuckSaver(),
    stepLimitMs: 500,
    seed: 3,
    programs: 2,
  })
  const [outcome] = await runner.run(TIMEOUT_MS)
  expect(outcome).toMatchObject({
    state: 'failed',
    reason: expect.stringMatching(/^Set CAIRN_SEED=\d[^]* did not end within 500 ms/),
  })
})
