import assert from 'node:assert/strict'
import type { RunnableConfig } from '@langchain/core/runnables'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import { type CheckpointerSuite, configOf, idsOf, mustGet, putAll, uniqueId } from './scene.js'

/** `deleteForRuns`, as LangGraph's base class in Python has it. */
export function runDeletion({ testWith }: CheckpointerSuite): void {
  testWith('deleteForRuns', 'it removes the checkpoints of a run', async ({ config }, saver) => {
    const runs = await twoRuns(saver, config())
    await saver.deleteForRuns([runs.second])
    assert.deepEqual(await idsOf(saver.list(config())), ['c2', 'c1'])
    assert.equal((await mustGet(saver, config())).checkpoint.id, 'c2')
  })

  testWith(
    'deleteForRuns',
    'it removes those of several runs, and a thread of which nothing is left',
    async (scene, saver) => {
      const { config, threadId } = scene
      const runs = await twoRuns(saver, config())
      await saver.deleteForRuns([runs.first, runs.second])
      assert.deepEqual(await idsOf(saver.list({ configurable: { thread_id: threadId } })), [])
      assert.equal(await saver.getTuple(config()), undefined)
    },
  )

  testWith(
    'deleteForRuns',
    'it leaves other runs alone, also in other threads',
    async ({ config }, saver) => {
      const other = uniqueId('thread')
      const runs = await twoRuns(saver, config())
      const others = await twoRuns(saver, configOf(other))
      await saver.deleteForRuns([runs.first])
      assert.deepEqual(await idsOf(saver.list(config())), ['c4', 'c3'])
      assert.deepEqual(await idsOf(saver.list(configOf(other))), ['c4', 'c3', 'c2', 'c1'])
      await saver.deleteForRuns([others.first, others.second])
      assert.deepEqual(await idsOf(saver.list(configOf(other))), [])
    },
  )

  testWith('deleteForRuns', 'it removes the pending writes of what it removes', async ({ config }, saver) => {
    const runs = await twoRuns(saver, config())
    await saver.putWrites(config('c2'), [['x', 'kept']], 'task')
    await saver.putWrites(config('c4'), [['x', 'gone']], 'task')
    await saver.deleteForRuns([runs.second])
    assert.deepEqual((await mustGet(saver, config())).pendingWrites, [['task', 'x', 'kept']])
    await putAll(saver, config('c2'), 'c4')
    assert.deepEqual((await mustGet(saver, config('c4'))).pendingWrites, [])
  })

  testWith('deleteForRuns', 'it removes them in all namespaces', async ({ config, threadId }, saver) => {
    const runs = await twoRuns(saver, config())
    await putAll(saver, ofRun(config(undefined, 'child'), runs.first), 'n1')
    await putAll(saver, ofRun(config(undefined, 'child'), runs.second), 'n2')
    await saver.deleteForRuns([runs.second])
    assert.deepEqual(await idsOf(saver.list({ configurable: { thread_id: threadId } })), ['n1', 'c2', 'c1'])
  })

  testWith('deleteForRuns', 'without runs it does nothing', async ({ config }, saver) => {
    await twoRuns(saver, config())
    await saver.deleteForRuns([])
    assert.deepEqual(await idsOf(saver.list(config())), ['c4', 'c3', 'c2', 'c1'])
  })

  testWith('deleteForRuns', 'a run that does not exist is no error', async ({ config }, saver) => {
    await twoRuns(saver, config())
    await saver.deleteForRuns([uniqueId('run')])
    assert.deepEqual(await idsOf(saver.list(config())), ['c4', 'c3', 'c2', 'c1'])
  })
}

/** Two runs with two checkpoints each. */
async function twoRuns(
  saver: BaseCheckpointSaver,
  root: RunnableConfig,
): Promise<{ readonly first: string; readonly second: string }> {
  const runs = { first: uniqueId('run'), second: uniqueId('run') }
  let parent = root
  for (const [at, run] of [runs.first, runs.first, runs.second, runs.second].entries())
    parent = await putAll(saver, ofRun(parent, run), `c${at + 1}`, { x: at })
  return runs
}

function ofRun(config: RunnableConfig, runId: string): RunnableConfig {
  return { configurable: { ...config.configurable, run_id: runId } }
}
